"""The Markdown view: the brief, the findings, then both sides in one table per stretch of running text.

It is written for any viewer that knows tables, and to be read as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from newsbridge.article import BlockKind, QuoteKind, Severity
from newsbridge.record import Record
from newsbridge.writing.layout import lay_out
from newsbridge.writing.view import MARKER, Cited, Line, Page, Part, Remark, Row, Said
from newsbridge.writing.weave import Close, Mark, Open, Token

_ACTIVE = re.compile(r"[\\`*_\[\]|~$]")  # what Markdown would read as a sign wherever it stands in a line
_BEGINNING = re.compile(r"^(\s*)([#>+=-]|\d{1,9}[.)](?=\s))")  # what it would read at the beginning of one
_ENTITY = re.compile(r"&(?=#?\w+;)")
_EMPHASIS = {QuoteKind.DIRECT: "**", QuoteKind.INDIRECT: "*", QuoteKind.SUBJUNCTIVE: "*"}
_SIGNS = {Severity.ERROR: "▲", Severity.WARNING: "●", Severity.INFO: "○"}


def render(record: Record) -> str:
    """Render a record as Markdown with a final line feed."""
    page = lay_out(record)
    sections = (_part(page, part) for part in page.parts)
    parts = [_head(page), _brief(page), _findings(page), *sections, _ledger(page), _colophon(page)]
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(text: str) -> str:
    r"""Write text so that Markdown shows it as it is, on one line and inside a table.

    Example:
        >>> print(escape("<b> & 2 * 3 | [x]"))
        &lt;b> & 2 \* 3 \| \[x\]
    """
    return _BEGINNING.sub(_disarm, _inline(text), count=1)


def _inline(text: str) -> str:
    text = _ENTITY.sub("&amp;", re.sub(r"\s+", " ", text)).replace("<", "&lt;")
    return _ACTIVE.sub(r"\\\g<0>", text)


def _disarm(found: re.Match[str]) -> str:
    blank, sign = found.groups()
    return f"{blank}{sign[:-1]}\\{sign[-1]}"


def _head(page: Page) -> str:
    lines = [f"<!-- {MARKER} -->", "", f"# {escape(page.title)}", ""]
    if page.source_title and page.source_title != page.title:
        lines += [f"{page.source_language}: *{escape(page.source_title)}*", ""]
    dateline = [escape(each) for each in page.dateline] + ([f"<{page.link}>"] if _linkable(page.link) else [])
    lines += [" · ".join(dateline), "", f"> **{escape(page.notice[0])}** {page.notice[1]}"]
    return "\n".join(lines)


def _linkable(link: str | None) -> bool:
    return link is not None and re.search(r"[\s<>]", link) is None


def _brief(page: Page) -> str:
    lines = ["## Brief", ""]
    if page.headline:
        lines += [_cited(page.headline, bold=True), ""]
    lines += [f"- {_cited(point)}" for point in page.points] or ["There is no brief in this record."]
    for said in page.key_quotes:
        english = escape(said.target) if said.target else f"*no {page.target_language} rendering was found*"
        lines += ["", f"> {english}  ", f"> *{escape(said.source)}*  ", f"> — {_voice(said)}"]
    return "\n".join(lines)


def _cited(cited: Cited, *, bold: bool = False) -> str:
    marks = "**" if bold else ""
    evidence = ", ".join([*cited.segments, *([f"{cited.said.id}: {cited.said.voice.name}"] if cited.said else [])])
    return f"{marks}{escape(cited.text)}{marks}" + (f" ({escape(evidence)})" if evidence else "")


def _voice(said: Said) -> str:
    """Say who speaks, and all a reader should know about how we know."""
    name = said.voice.name + (f", {said.voice.description}" if said.voice.description else "")
    return f"**{escape(name)}** ({escape('; '.join([said.id, said.label, *_doubts(said)]))})"


def _doubts(said: Said) -> Iterator[str]:
    if said.unsure:
        yield f"speaker {'carried over' if said.carried else 'unsure'}, {said.percent} % sure"
    if said.medium:
        yield f"via {said.medium}"
    if said.status.value != "kept":
        yield "marks set again" if said.status.value == "repaired" else "not found in the translation"


def _findings(page: Page) -> str:
    if not page.remarks:
        return ""
    lines = [f"- {remark.segment or 'whole article'}: {_remark(remark)}" for remark in page.remarks]
    return "\n".join(["## To check", "", *lines])


def _remark(remark: Remark) -> str:
    finding = remark.finding
    sign = _SIGNS[finding.severity]
    return f"{sign} **{finding.severity.value}** {escape(finding.message)} ({finding.kind.value})"


def _part(page: Page, part: Part) -> str:
    pieces = []
    if part.heading:
        titles = [
            _words(side) for side in zip(*((line.target, line.source) for line in part.heading.lines), strict=True)
        ]
        label = f"{escape(part.heading.label)} " if part.heading.label else ""
        pieces.append(f"## {label}" + " / ".join(title for title in titles if title))
        pieces += [f"> {_remark(remark)}" for remark in part.heading.remarks]
    if part.summary:
        pieces.append("*In short:* " + " ".join(_cited(cited) for cited in part.summary))
    for caption, group in groupby(part.rows, key=lambda row: row.kind is BlockKind.CAPTION):
        rows = tuple(group)
        pieces += [_caption(page, row) for row in rows] if caption else [_table(page, rows)]
    return "\n\n".join(pieces)


def _words(sides: Iterable[tuple[Token, ...]]) -> str:
    return escape(" ".join("".join(token for token in side if isinstance(token, str)) for side in sides).strip())


def _caption(page: Page, row: Row) -> str:
    credit = f" ({escape(row.credit)})" if row.credit else ""
    source = " ".join(_woven(page, line.source, names=False) for line in row.lines)
    target = " ".join(_target(page, line, "\n> ") for line in row.lines)
    return f"> **Caption**{credit}: {target}  \n> *{escape(row.label) or 'Original:'}* {source}"


def _table(page: Page, rows: Iterable[Row]) -> str:
    lines = [f"| | {page.source_language} | {page.target_language} |", "|---|---|---|"]
    for row in rows:
        for number, line in enumerate(row.lines):
            lead = "• " if row.kind is BlockKind.LIST_ITEM and not number else ""
            lead += f"**{escape(row.label)}** " if row.label and not number else ""
            source, target = _woven(page, line.source, names=False), _target(page, line, "<br>")
            lines.append(f"| {line.id} | {lead}{source} | {lead}{target} |")
    return "\n".join(lines)


def _target(page: Page, line: Line, newline: str) -> str:
    text = _woven(page, line.target, names=True) or "*no translation*"
    return text + "".join(newline + _remark(remark) for remark in line.remarks)


def _woven(page: Page, tokens: tuple[Token, ...], *, names: bool) -> str:
    """Write woven text: speech emphasised, and at its end in brackets its id and, with ``names``, its speaker."""
    parts: list[str] = []
    labels: list[str] = []
    signs: dict[Mark, str] = {}  # of the marks that are open
    before = " "

    def put(text: str) -> None:
        nonlocal before
        if text:
            parts.append(text)
            before = text[-1]

    def flush(after: str) -> None:
        if labels:
            put(f" [{_inline(', '.join(labels))}]" + " " * (after.isalnum() or after in "„«»“‘‚"))
            labels.clear()

    for token, after in zip(tokens, _signs_after(tokens), strict=True):
        if isinstance(token, str):
            flush(token[0])
            put(_inline(token))
        elif token.mark.kind == "hearsay" and isinstance(token, Close) and token.last and token.mark.ends:
            labels.append(f"{token.mark.ref}: hearsay")
        elif token.mark.ref not in page.said:
            continue
        elif isinstance(token, Open) and token.mark not in signs:
            flush(after)
            sign = _EMPHASIS[page.said[token.mark.ref].kind]
            stuck = after.isspace() or (before.isalnum() and not after.isalnum())  # Markdown would show the asterisks
            signs[token.mark] = "" if stuck or sign in signs.values() else sign
            put(signs[token.mark])
        elif isinstance(token, Close) and token.last:
            put(signs.pop(token.mark))
            if token.mark.ends:
                said = page.said[token.mark.ref]
                labels.append(f"{said.id}: {said.voice.name}{'?' * said.unsure}" if names else said.id)
    flush(" ")
    return "".join(parts).strip()


def _signs_after(tokens: tuple[Token, ...]) -> list[str]:
    """Return for every token the first sign of the text behind it, a blank at the end."""
    found, after = [], " "
    for token in reversed(tokens):
        found.append(after)
        if isinstance(token, str):
            after = token[0]
    return found[::-1]


def _ledger(page: Page) -> str:
    if not page.said:
        return ""
    lines = ["## Who said what", "", "| | Speaker | How |", "|---|---|---|"]
    for said in page.said.values():
        where = f" ({said.segment})" if said.segment else ""
        speaker = ", ".join(escape(each) for each in (said.voice.name, said.voice.description) if each)
        lines.append(f"| {said.id}{where} | {speaker} | {escape('; '.join([said.label, *_doubts(said)]))} |")
    return "\n".join(lines)


def _colophon(page: Page) -> str:
    rows = [f"- {name}: {escape(value)}" for name, value in page.colophon]
    return "\n".join(["---", "", "How this page was made:", "", *rows])
