"""Groups: phrases that name many: "SPD und FDP", "die Hälfte der Mitglieder", "Anna Meier und Peter Graf"."""

from __future__ import annotations

from newsbridge.quotes.cast import Cast
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Phrase, first_noun, phrase
from newsbridge.quotes.traits import ACRONYM, BODY, COMMON, DETERMINER, FUNCTION, GIVEN, PEOPLE
from newsbridge.quotes.words import Words


def allied(line: Line, found: Phrase, cast: Cast) -> bool:
    """Say whether parties, countries, firms or nations without an article are joint: "SPD und FDP"."""
    known, common = cast.known, cast.usage[1]
    inside = [at for at in range(found.start, found.end) if line.words[at] != "," and line.folds[at] not in known.and_]
    if any(line.traits[at] & (DETERMINER | COMMON) or not line.capitals[at] for at in inside):
        return False
    return any(
        line.traits[at] & (ACRONYM | PEOPLE | BODY)
        or line.folds[at] in known.countries
        or known.national(line.folds[at].removesuffix("n"))
        for at in inside
    ) or not any(line.folds[at] in common or line.folds[at].endswith(known.abstract) for at in inside)


def by_jobs(line: Line, found: Phrase, known: Words) -> bool:
    """Say whether a phrase may name people by what they do, as far as its form tells: "die Chronisten"."""
    fold = line.folds[first_noun(line, found)]
    if line.folds[found.start] not in known.counted_more or fold.endswith(known.abstract):
        return False
    return fold.removesuffix("n").removesuffix("e").endswith(known.agents)


def parts(line: Line, who: Phrase, cast: Cast) -> tuple[Phrase, ...]:
    """Return the people of a joint subject one by one: "Anna Meier und Peter Graf"."""
    cuts = [at for at in range(who.start, who.end) if line.folds[at] in cast.known.and_ or line.words[at] == ","]
    people = {cast.named(line, at) for at in range(who.start, who.end) if line.capitals[at]} - {None}
    apart = all(line.traits[at] & DETERMINER for at in (who.start, *(cut + 1 for cut in cuts)) if at < who.end)
    if not cuts or (len(people) < 2 and not apart):
        return (who,)
    edges = [who.start, *(cut + 1 for cut in cuts)], [*cuts, who.end]
    return tuple(Phrase(start, end, end - 1, "any") for start, end in zip(*edges, strict=True) if start < end)


def counted(line: Line, who: Phrase, known: Words) -> Phrase:
    """Return of whom an amount is: "ein Teil der Mitglieder"."""
    noun = first_noun(line, who)
    if noun + 1 < who.end and line.folds[noun] in known.amounts:
        inner = phrase(line, noun + 1, known, apposition=False)
        if inner is not None and inner.end <= who.end:
            return inner
    return who


def one_holder(line: Line, found: Phrase, known: Words) -> bool:
    """Say whether somebody is two things: "die Beraterin und Anwältin"; with a second article they would be two."""
    joint = next(at for at in range(found.start, found.end) if line.folds[at] in known.and_)
    if line.traits[found.start] & GIVEN and any(line.folds[at] in known.of for at in range(found.start, joint)):
        return True  # "Angela Kern von der Polizei von Devon und Cornwall"
    if not line.traits[found.start] & DETERMINER or line.traits[joint + 1] & DETERMINER:
        return False
    first = first_noun(line, found)
    second = next((at for at in range(joint + 1, found.end) if line.capitals[at]), first)
    return first < joint and bool(line.traits[first] & line.traits[second] & FUNCTION)
