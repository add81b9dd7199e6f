"""The brief for a terminal: plain text of at most 88 columns, the evidence at the end of each point."""

from __future__ import annotations

import re
import textwrap
from collections import Counter

from newsbridge.article import QuoteKind, Severity
from newsbridge.record import Record
from newsbridge.summary.evidence import PAIRS
from newsbridge.writing.layout import lay_out
from newsbridge.writing.view import Cited, Page, Said

WIDTH = 88
WORST = 5  # findings that are printed; the rest is counted


def render(record: Record) -> str:
    """Render the brief of a record as plain text with a final line feed; equal records give equal text."""
    page = lay_out(record)
    parts = [_head(page), _points(page), _quotes(page), _findings(page)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _fill(text: str, first: str = "", rest: str | None = None) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in text)  # no escape sequence reaches the terminal
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_on_hyphens=False,
    )


def _head(page: Page) -> str:
    title = _fill(page.title)
    lines = [title, "=" * max(map(len, title.split("\n")))]
    if page.source_title and page.source_title != page.title:
        lines.append(_fill(f"{page.source_language}: {page.source_title}"))
    lines.append(_fill(" · ".join([*page.dateline, *([page.link] if page.link else [])])))
    lines += ["", _fill(" ".join(page.notice))]
    return "\n".join(lines)


def _points(page: Page) -> str:
    lines = []
    if page.headline and page.headline.text != page.title:
        lines += [_fill(_cited(page.headline)), ""]
    lines += [_fill(_cited(point), "- ") for point in page.points]
    return "\n".join(lines) if page.points or page.headline else "There is no brief in this record."


def _cited(cited: Cited) -> str:
    return f"{cited.text} [{', '.join(cited.segments)}]" if cited.segments else cited.text


def _quotes(page: Page) -> str:
    if not page.key_quotes:
        return ""
    return "\n\n".join(["Key quotations", *(_quote(page, said) for said in page.key_quotes)])


def _quote(page: Page, said: Said) -> str:
    who = said.voice.name + (f" ({said.voice.description})" if said.voice.description else "")
    how = [said.label] if said.kind is not QuoteKind.DIRECT or said.partial else []
    how += [f"speaker {said.percent} % sure"] if said.unsure else []
    how += [f"via {said.medium}"] if said.medium else []
    how += ["marks set again"] if said.status.value == "repaired" else []
    lead = f"{who} [{'; '.join([said.id, *how])}]"
    english = _in_marks(said, said.target) if said.target else f"no {page.target_language} rendering was found"
    return "\n".join([_fill(lead, "  ", "  "), _fill(english, "    "), _fill(said.source, "    ")])


def _in_marks(said: Said, text: str) -> str:
    """Set marks round direct speech where they are missing, and take off the comma before what is not shown here."""
    text = re.sub(r",([”’»\"]?)(?= …|$)", r"\1", text)
    if said.kind is not QuoteKind.DIRECT or text[0] in PAIRS:
        return text
    return f"“{text}”"


def _findings(page: Page) -> str:
    if not page.remarks:
        return "Nothing to check was found."
    worst = sorted(page.remarks, key=lambda remark: -remark.finding.severity.rank)  # stable: in order of the article
    counts = Counter(remark.finding.severity for remark in page.remarks)
    severities = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    said = ", ".join(f"{counts[each]} {each.value}" for each in severities if counts[each])
    lines = [f"To check: {len(worst)} finding{'s' * (len(worst) > 1)} ({said})"]
    for remark in worst[:WORST]:
        where = remark.segment or "whole article"
        lines.append(_fill(f"{remark.finding.severity.value}, {where}: {remark.finding.message}", "- "))
    if len(worst) > WORST:
        lines.append(f"- and {len(worst) - WORST} more, in the record")
    return "\n".join(lines)
