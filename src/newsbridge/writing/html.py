"""One self-contained HTML page: the brief on top, the parallel text below it, every quotation with its speaker.

Everything that comes from the record is escaped; style and script are inside the page and named by their hash in its
content security policy, so that nothing in an article can add to them and nothing is ever fetched.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from newsbridge.record import Record
from newsbridge.writing.layout import lay_out
from newsbridge.writing.view import MARKER, Page, Said
from newsbridge.writing.weave import Open, Token

COLOURS = 8  # voices beyond the eighth share a colour; their initials still tell them apart


def render(record: Record) -> str:
    """Render a record as one HTML document that needs no other file."""
    page = lay_out(record)
    style, script = _asset("page.css"), _asset("page.js")
    return _template().render(
        page=page,
        marker=MARKER,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        colour=lambda voice: f"v{(voice.number - 1) % COLOURS + 1}",
        woven=lambda tokens, tags: _woven(page, tokens, tags=tags),
    )


@cache
def _template() -> Template:
    loader = PackageLoader("newsbridge.writing", "templates")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html")


@cache
def _asset(name: str) -> str:
    return resources.files("newsbridge.writing").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _woven(page: Page, tokens: Iterable[Token], *, tags: bool) -> Markup:
    """Write woven text as HTML; ``tags`` says whether a quotation ends in a link to its note, or in a bare label."""
    parts: list[str] = []
    tagged = 0  # the voice whose tag was written last, with nothing after it
    for token in tokens:
        if isinstance(token, str):
            parts.append(str(Markup.escape(token)))
            tagged = 0
        elif isinstance(token, Open):
            css = token.mark.kind
            if said := page.said.get(token.mark.ref):
                css += f" quote v{(said.voice.number - 1) % COLOURS + 1}"
            parts.append(str(Markup('<span class="{}" data-q="{}">').format(css, token.mark.ref)))
        else:
            parts.append("</span>")
            said = page.said.get(token.mark.ref)
            if said and token.last and token.mark.ends and said.voice.number != tagged:
                parts.append(_tag(said, link=tags))
                tagged = said.voice.number
    return Markup("".join(parts))


def _tag(said: Said, *, link: bool) -> str:
    css = f"by v{(said.voice.number - 1) % COLOURS + 1}"
    if not link or said.segment is None:
        return str(Markup('<span class="{}" aria-hidden="true">{}</span>').format(css, said.voice.initials))
    label = Markup('<a class="{}" href="#{}" data-q="{}" aria-label="{}: {}">{}</a>')
    return str(label.format(css, said.id, said.id, said.label, said.voice.name, said.voice.initials))
