"""Templates become self-contained pages: everything inline, everything from a registry escaped."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.text import visible

HERE = Path(__file__).parent


def _inert(value: Any) -> Any:
    """A value as a page may hold it; our own markup stays what it is."""
    return visible(value) if type(value) is str else value


def _own(name: str) -> Markup:
    return Markup((HERE / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of this folder


def _allowed(text: str) -> str:
    """The source expression of Content Security Policy that allows this very text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


CSS, FILTER = _own("page.css"), _own("filter.js")
PAGES = Environment(
    loader=FileSystemLoader(HERE),
    autoescape=True,
    finalize=_inert,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.globals |= {
    "css": CSS,
    "filter": FILTER,
    "policy": Markup(  # noqa: S704 - hashes
        f"default-src 'none'; style-src {_allowed(CSS)}; script-src {_allowed(FILTER)}"
    ),
}


def render(template: str, content: dict[str, Any]) -> bytes:
    """The page that a template makes of its content: no network, the same bytes every time."""
    return PAGES.get_template(template).render(content).encode("utf-8")
