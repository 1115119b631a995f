"""define.xml as a page for people: browsers no longer apply the stylesheet themselves."""

from functools import cache
from importlib.resources import files

from pipeline.load.define.reading import read_define
from pipeline.load.pages.rendering import render


@cache
def stylesheet() -> bytes:
    """define2-1.xsl (Lex Jansen, MIT licence, whose notice stands at its top)."""
    return (files("defineutils") / "definehtml" / "define2-1.xsl").read_bytes()


def define_html(xml: bytes, beside: str = "submission/", dossier: str = "study.html") -> bytes:
    """The define.xml as one page without external parts, to search and to print.

    Its links lead to the datasets below `beside`, and from a parameter to the words that its
    value rests on, in `dossier` (none when it is empty).
    """
    content = {"doc": read_define(xml), "beside": beside, "dossier": dossier}
    return render("define.html.jinja", content)
