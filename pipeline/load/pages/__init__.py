"""The pages that a person opens: the dossier of one study, and the list of all studies."""

from pipeline.load.pages.listing import StudyLine, index_page
from pipeline.load.pages.study import study_page

__all__ = ["StudyLine", "index_page", "study_page"]
