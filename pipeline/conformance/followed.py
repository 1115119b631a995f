"""Which version of SDTMIG a package was made for."""

from lxml import etree

from pipeline.issues import BadRequest

STANDARD = "{http://www.cdisc.org/ns/def/v2.1}Standard"


def followed(define: bytes) -> str:
    """The version of SDTMIG that a define.xml names; empty when it names none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(define, parser)
    except etree.XMLSyntaxError as error:
        raise BadRequest(f"define.xml cannot be read: {error}") from error
    guides = (one.get("Version") for one in root.iter(STANDARD) if one.get("Type") == "IG")
    return next(guides, None) or ""
