"""define.xml as a page for people: browsers no longer apply the stylesheet themselves."""

from functools import cache
from importlib.resources import files

from lxml import etree

from pipeline.load.define.element import named

PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def stylesheet() -> bytes:
    """define2-1.xsl (Lex Jansen, MIT licence, whose notice stands at its top)."""
    return (files("defineutils") / "definehtml" / "define2-1.xsl").read_bytes()


def define_html(xml: bytes) -> bytes:
    """The define.xml as one page without external parts; its links lead into `submission/`."""
    root = etree.fromstring(xml, PARSER)
    for leaf in root.iter(named("def:leaf")):
        leaf.set(named("xlink:href"), f"submission/{leaf.get(named('xlink:href'))}")
    page = _transform()(
        root, displayCommentsTable="1", displayPrefix="1", displayLengthDFormatSD="1"
    )
    return bytes(page)


@cache
def _transform() -> etree.XSLT:
    shut = etree.XSLTAccessControl.DENY_ALL  # type: ignore[attr-defined]
    return etree.XSLT(etree.fromstring(stylesheet(), PARSER), access_control=shut)
