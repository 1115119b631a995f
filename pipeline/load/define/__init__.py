"""define.xml 2.1 of one package or the lake, and the page that shows it."""

from pipeline.load.define.document import define_xml
from pipeline.load.define.html import define_html, stylesheet
from pipeline.load.define.lake import lake_define

__all__ = ["define_html", "define_xml", "lake_define", "stylesheet"]
