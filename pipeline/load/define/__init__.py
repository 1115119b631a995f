"""define.xml 2.1 of one package, and the page that shows it."""

from pipeline.load.define.document import define_xml
from pipeline.load.define.html import define_html, stylesheet

__all__ = ["define_html", "define_xml", "stylesheet"]
