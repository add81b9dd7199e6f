"""Plain marks taken off a text, and set round its words again."""

from __future__ import annotations

from collections.abc import Sequence

from newsbridge.fidelity.style import PLAIN
from newsbridge.spans import Span

ENDS = ".!?…"
SENTENCE = 5  # words; a longer quotation takes the comma or full stop that follows it in English
HYPHENS = "-–"
SINGLE = {"'": "'", "‘": "’"}


def bare(text: str) -> str:
    """Take every plain mark off a text."""
    return " ".join(text.replace(PLAIN, "").split()) if PLAIN in text else text


def laid_bare(request: str) -> tuple[str, list[Span]]:
    """Take the marks off a request, and say what stood in each pair.

    A word that a mark divides ("Dorf"-Chronik) becomes two, so that each of them has words of the target to itself.

    Example:
        >>> text, spans = laid_bare('Die "Dorf"-Chronik ist "alt".')
        >>> text, [span.of(text) for span in spans]
        ('Die Dorf -Chronik ist alt.', ['Dorf', 'alt'])
    """
    text, spans, opened = "", [], None
    for at, character in enumerate(request):
        if character != PLAIN:
            text += character if character != " " or text[-1:] not in ("", " ") else ""
            continue
        if opened is None:
            text += " " if text[-1:].isalnum() or text[-1:] in tuple(HYPHENS) else ""
            opened = len(text)
            continue
        spans.append(Span(opened, max(opened, len(text.rstrip()))))
        opened = None
        behind = request[at + 1 :].lstrip(HYPHENS)
        text += " " if behind[:1].isalnum() and request[at + 1] != " " else ""
    return text.rstrip(), spans


def mark(text: str, spans: Sequence[Span], contents: Sequence[str], *, american: bool) -> str:
    r"""Put plain marks round stretches of a bare text.

    Args:
        text: Without plain marks.
        spans: Whole words with their punctuation, one for each pair; they do not overlap.
        contents: What stands between the marks in the source, in the same order.
        american: Whether commas and full stops stand inside the marks even if they are not of the quotation.

    Example:
        >>> mark("He spoke of a scandal.", [Span(14, 22)], ["Skandal"], american=False)
        'He spoke of a "scandal".'
    """
    for span, content in sorted(zip(spans, contents, strict=True), reverse=True):
        start, end = span.start, span.end
        while start < end and text[start] in "([–-":
            start += 1
        last = content.rstrip()[-1:]
        while end > start + 1 and text[end - 1] in ",.;:!?)…":
            sign = text[end - 1]
            own = sign == last or (last in ENDS and sign in ENDS) or (len(content.split()) >= SENTENCE and sign in ",.")
            if own or (american and sign in ",.") or (sign == ")" and "(" in text[start:end]):
                break
            end -= 1
        if end - start > 2 and SINGLE.get(text[start]) == text[end - 1]:  # the engine made single marks of them
            text = f"{text[:start]}{PLAIN}{text[start + 1 : end - 1]}{PLAIN}{text[end:]}"
        else:
            text = f"{text[:start]}{PLAIN}{text[start:end]}{PLAIN}{text[end:]}"
    return text
