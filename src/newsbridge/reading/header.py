"""Metadata in front of the text: ``date 2022-01 Das weiss man …``, lines of ``key: value``, Markdown's ``---``.

A header is believed only where its form leaves no doubt; an article that begins with the word "Datum" keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsbridge.article import Metadata
from newsbridge.languages import Language
from newsbridge.spans import Span

KEYS = {  # as programs write them, in English; a language's own words are in its table [reading]
    "title": "title",
    "headline": "title",
    "kicker": "kicker",
    "teaser": "teaser",
    "lead": "teaser",
    "description": "teaser",
    "author": "byline",
    "byline": "byline",
    "date": "date",
    "published": "date",
    "url": "url",
    "link": "url",
    "source": "source",
    "publisher": "publisher",
    "section": "section",
    "language": "language",
    "lang": "language",
    "id": "id",
}
_URL = r"https?://\S+"
_ISO = r"\d{4}(?:-\d\d(?:-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)?)?"
_INLINE = re.compile(rf"(?P<key>[a-z]+)[ \t]+(?P<value>{_ISO}|{_URL})(?!\S)")
_WORD = re.compile(r"[^\s:=]+")
_LINE = re.compile(r"[ \t]*(?P<key>[^\W\d_][\w-]{0,30})[ \t]*[:=](?P<value>[ \t][^\n]*|)(?:\n|\Z)")
_FENCE = re.compile(r"---[ \t]*\n")
_NESTED = re.compile(r"[ \t]+\S[^\n]*(?:\n|\Z)|-[ \t][^\n]*(?:\n|\Z)|[ \t]*(?:#[^\n]*)?\n")
_LONGEST = 100  # lines of a header
_LONGEST_VALUE = 150  # code points of a title or an author without marks
_SINGLE = frozenset({"source", "publisher", "section", "language", "lang", "id"})  # one word is a whole value
_KNOWN = ("title", "kicker", "teaser", "byline", "date", "url")


@dataclass(frozen=True)
class Header:
    """A header's place, blanks around it included, and what it says."""

    span: Span
    metadata: Metadata


@dataclass
class _Found:
    values: dict[str, str] = field(default_factory=dict)
    end: int = 0


def find(text: str, language: Language) -> Header | None:
    """Find the header at the beginning of a text.

    Args:
        text: The whole text, in NFC with LF.
        language: Whose own words for the keys, and names of months, are read beside the English ones.

    Returns:
        The header, or None where the text begins at once.
    """
    table = language.table("reading")
    keys = {**KEYS, **table["header_keys"]}
    begin = len(text) - len(text.lstrip())
    found = _front_matter(text, begin, keys) or _lines(text, begin, keys, table["months"]) or _inline(text, begin, keys)
    if found is None:
        return None
    after = text[found.end : found.end + 10_000]
    end = found.end + len(after) - len(after.lstrip())
    return Header(Span(0, end), _metadata(found.values, table["months"]))


def _front_matter(text: str, begin: int, keys: Mapping[str, str]) -> _Found | None:
    """Read ``---``, lines of ``key: value``, ``---``; a nested value is left in the text and not read."""
    fence = _FENCE.match(text, begin)
    if not fence:
        return None
    found = _Found(end=fence.end())
    for _ in range(_LONGEST):
        if close := re.compile(r"(?:---|\.\.\.)[ \t]*(?:\n|\Z)").match(text, found.end):
            return _Found(found.values, close.end()) if found.values else None
        line = _LINE.match(text, found.end)
        if line:
            value = _unquoted(line["value"].strip())
            if value:
                found.values.setdefault(keys.get(line["key"].lower(), line["key"].lower()), value)
        else:
            line = _NESTED.match(text, found.end)
        if not line or line.end() == found.end:
            return None
        found.end = line.end()
    return None


def _lines(text: str, begin: int, keys: Mapping[str, str], months: Sequence[str]) -> _Found | None:
    """Read lines of ``key: value`` that end at a blank line.

    One of them must be a date or an address, or all keys must be in small letters: "Autor: Hans Muster" alone is
    a byline, and "Titel: …" may be a headline.
    """
    found = _Found(end=begin)
    small = True
    for _ in range(_LONGEST):
        line = _LINE.match(text, found.end)
        if not line or line["key"].lower() not in keys or not line["value"].strip():
            break
        small &= line["key"].islower()
        found.values.setdefault(keys[line["key"].lower()], _unquoted(line["value"].strip()))
        found.end = line.end()
    if not found.values or (found.end < len(text) and not re.compile(r"[ \t]*(?:\n|\Z)").match(text, found.end)):
        return None
    sure = _date(found.values.get("date", ""), months) or re.fullmatch(_URL, found.values.get("url", ""))
    return found if sure or small else None


def _inline(text: str, begin: int, keys: Mapping[str, str]) -> _Found | None:
    """Read ``key value`` pairs in front of the first word, in small letters; one must be a date or an address.

    Free text ("title …") reaches to the next key of the line, or to the line's end.
    """
    found = _Found(end=begin)
    line_end = text.find("\n", begin, begin + 2000)
    line = text[: line_end if line_end >= 0 else begin + 2000]
    at, sure = begin, False
    while True:
        word = _WORD.match(line, at)
        if not word or word.group() not in keys:
            break
        if typed := _INLINE.match(line, at):
            value, end = typed["value"], typed.end()
            sure = True
        else:
            value, end = _free(line, word.end(), keys, line_end >= 0)
        if not value:
            break
        found.values.setdefault(keys[word.group()], value)
        found.end = end
        at = end + len(line[end:]) - len(line[end:].lstrip())
    return found if sure else None


def _free(line: str, begin: int, keys: Mapping[str, str], whole: bool) -> tuple[str, int]:
    """Return a value that is free text, and where it ends.

    It is in quotation marks, or reaches to the next typed key, or to the end of the line if the line is ``whole``
    and too short to be running text, or is the one word of a key that needs no more.
    """
    if quoted := re.compile(r'[ \t]+"([^"]+)"').match(line, begin):
        return quoted[1].strip(), quoted.end()
    for pair in _INLINE.finditer(line, begin):
        if pair["key"] in keys and line[pair.start() - 1].isspace():
            return line[begin : pair.start()].strip(), pair.start()
    if whole and len(line) - begin <= _LONGEST_VALUE:
        return line[begin:].strip(), len(line)
    word = re.compile(r"[ \t]+(\S+)").match(line, begin)
    single = line[:begin].split()[-1] in _SINGLE
    return (word[1], word.end()) if word and single else ("", begin)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _metadata(values: Mapping[str, str], months: Sequence[str]) -> Metadata:
    """Sort what was found; a date nobody can read is kept as it stands, under another name."""
    known = {name: values[name] for name in _KNOWN if name in values}
    extra = {name: value for name, value in values.items() if name not in _KNOWN}
    if "date" in known:
        date = _date(known.pop("date"), months)
        if date:
            known["date"] = date
        else:
            extra["date-as-given"] = values["date"]
    return Metadata(**known, extra=extra)


def _date(value: str, months: Sequence[str]) -> str | None:
    """Return a date as ISO 8601, as exact as it is given.

    Example:
        >>> months = ["Januar", "Februar", "März"]
        >>> _date("6. März 2022", months), _date("06.01.2022", months), _date("2022-01", months)
        ('2022-03-06', '2022-01-06', '2022-01')
    """
    if re.fullmatch(_ISO, value):
        return value
    if figures := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", value):
        day, month, year = (int(part) for part in figures.groups())
        return f"{year:04}-{month:02}-{day:02}" if month <= 12 and day <= 31 else None
    words = re.fullmatch(r"(?:(\d{1,2})\.\s?)?([^\W\d_]+)\s(\d{4})", value)
    if not words or words[2] not in months:
        return None
    day_of = f"-{int(words[1]):02}" if words[1] else ""
    return f"{words[3]}-{months.index(words[2]) + 1:02}{day_of}"
