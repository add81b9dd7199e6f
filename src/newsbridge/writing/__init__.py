"""The views of a record, one file per format; JSON is the record itself."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from newsbridge.errors import NewsbridgeError
from newsbridge.record import Record

RENDERERS = {
    "json": "newsbridge.record.document:dumps",
    "md": "newsbridge.writing.markdown:render",
    "html": "newsbridge.writing.html:render",
}
FORMATS = tuple(RENDERERS)


def render(record: Record, format: str) -> str:
    """Render a record as one of :data:`FORMATS`; equal records give equal text.

    Raises:
        NewsbridgeError: if the format is not built.
    """
    if format not in RENDERERS:
        raise NewsbridgeError(f"no format {format!r}", f"newsbridge writes {', '.join(FORMATS)}")
    module, _, function = RENDERERS[format].partition(":")
    text: str = getattr(import_module(module), function)(record)
    return text


def render_all(record: Record, formats: Iterable[str]) -> dict[str, str]:
    """Render a record in several formats, in the order given."""
    return {format: render(record, format) for format in formats}
