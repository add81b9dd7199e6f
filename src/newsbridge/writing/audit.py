"""What ``newsbridge check`` found, as one self-contained HTML page: every pair with findings, source beside target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from newsbridge.article import Finding, Severity
from newsbridge.spans import Span

STYLE = """
body{font:16px/1.5 Georgia,serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1c1c1c;background:#fff}
h1{font-size:1.5rem;margin:0 0 .25rem}p.note{color:#555;margin:0 0 1.5rem}
table{border-collapse:collapse;width:100%;table-layout:fixed}
th,td{text-align:left;vertical-align:top;padding:.6rem .75rem}
th{font:600 .8rem/1.4 system-ui,sans-serif;border-bottom:2px solid #1c1c1c}
tbody th{border-bottom:1px solid #ddd}td{border-bottom:1px solid #ddd;overflow-wrap:anywhere}
col.n{width:7rem}mark{background:#fde9a9}mark.error{background:#f8c9c4}ul{margin:.5rem 0 0;padding:0;list-style:none}
li{font:.85rem/1.5 system-ui,sans-serif}b.error{color:#a3180c}b.warning{color:#7a5200}b.info{color:#345}
dl{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:0 0 1.5rem;font:.9rem/1.5 system-ui,sans-serif}
dt{font-weight:600}dd{margin:0}
@media(prefers-color-scheme:dark){body{background:#161616;color:#eee}td{border-color:#333}th{border-color:#eee}p.note{color:#aaa}
mark{background:#5b4a12;color:inherit}mark.error{background:#6b231c}b.error{color:#ff9a8f}b.warning{color:#f0c674}b.info{color:#9bc}}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One pair with findings; spans count the code points of the two texts."""

    name: str  # "line 12", "s2.p1.3"
    source: str
    target: str
    findings: tuple[Finding, ...]


def render(title: str, rows: Iterable[Row], total: int, languages: tuple[str, str] = ("de", "en")) -> str:
    """Render the pairs that have findings as one HTML document that needs no other file.

    Args:
        title: What was checked.
        rows: The pairs with findings, in order.
        total: How many pairs were checked.
        languages: BCP 47 tags of both sides.
    """
    every = list(rows)
    kinds = Counter(finding.kind.value for row in every for finding in row.findings)
    counts = "".join(f"<div><dt>{escape(kind)}</dt><dd>{number}</dd></div>" for kind, number in kinds.most_common())
    body = "".join(_row(row, languages) for row in every)
    said = f"{len(every)} of {total} pairs have findings. A finding is a reason to look, not a verdict."
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>newsbridge check: {escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<h1>{escape(title)}</h1>\n<p class="note">{said}</p>\n<dl>{counts}</dl>\n'
        '<table>\n<colgroup><col class="n"><col><col></colgroup>\n'
        '<thead><tr><th scope="col">Where</th><th scope="col">Source</th><th scope="col">Target and findings</th></tr>'
        f"</thead>\n<tbody>\n{body}</tbody>\n</table>\n</body>\n</html>\n"
    )


def _row(row: Row, languages: tuple[str, str]) -> str:
    items = "".join(
        f'<li><b class="{each.severity}">{escape(each.kind.value)}</b> {escape(each.message)}</li>'
        for each in row.findings
    )
    ours = _marked(row.source, [(each.source, each.severity) for each in row.findings])
    theirs = _marked(row.target, [(each.target, each.severity) for each in row.findings])
    return (
        f'<tr><th scope="row">{escape(row.name)}</th><td lang="{escape(languages[0])}">{ours}</td>'
        f'<td><div lang="{escape(languages[1])}">{theirs}</div><ul>{items}</ul></td></tr>\n'
    )


def _marked(text: str, places: Sequence[tuple[Span | None, Severity]]) -> str:
    """Mark stretches of a text; of those that meet, the worst and longest."""
    out, at = [], 0
    spans = [(span, severity) for span, severity in places if span is not None and 0 < len(span) < len(text)]
    taken: list[tuple[Span, Severity]] = []
    for span, severity in sorted(spans, key=lambda each: (-each[1].rank, -len(each[0]))):
        if not any(span.meets(other) for other, _ in taken):
            taken.append((span, severity))
    for span, severity in sorted(taken):
        out.append(escape(text[at : span.start]))
        out.append(f'<mark class="{severity}">{escape(span.of(text))}</mark>')
        at = span.end
    return "".join(out) + escape(text[at:])
