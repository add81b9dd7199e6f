"""Marks, reported speech, speakers: who said what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from newsbridge.article import Article, BlockKind, Ledger, Quotation, QuoteKind
from newsbridge.languages import Language
from newsbridge.quotes import cues, lines, marks, offices, reported, traits, words
from newsbridge.quotes import mood as moods
from newsbridge.quotes.anaphora import Scene
from newsbridge.quotes.cast import Cast
from newsbridge.quotes.direct import Found, Quoted
from newsbridge.quotes.frames import Frame, How
from newsbridge.quotes.framing import parse
from newsbridge.quotes.lines import Line, Page
from newsbridge.quotes.mood import Mood
from newsbridge.quotes.offices import Offices
from newsbridge.quotes.speakers import Resolver
from newsbridge.quotes.speech import Judge
from newsbridge.quotes.voices import Voices
from newsbridge.spans import Span

QUIET = frozenset({BlockKind.CAPTION, BlockKind.BYLINE})
TELLING = frozenset({"say", "blame", "praise", "warn", "demand"})  # classes of verbs behind which a report may go on


def find(article: Article, language: Language) -> Ledger:
    """Find who said what in an article.

    Args:
        article: With segments.
        language: Its language.

    Returns:
        Quotations in reading order, hearsay, the pairs of marks that hold no speech, and a finding for each mark
        without partner.  Direct quotations never overlap each other; reported speech may hold one.
    """
    pairs, findings = marks.pair(article, language)
    page = lines.read(article, pairs, traits.reader(language))
    lexicon, known = cues.lexicon(language), words.words(language)
    mood = moods.mood(language)
    cast = Cast(page, known, lexicon)
    holders = Offices(cast, known, offices.titles(language))
    voices = Voices(page, lexicon, known, Resolver(cast, Scene(cast, holders, known, lexicon), holders, known))
    quoted = Quoted(voices, Judge(page, lexicon, known, pairs), mood)
    claims: list[Span] = []
    found = _merged(_found(page, voices, quoted, mood, claims))
    found.sort(key=lambda each: (each.spans[0].start, -each.spans[-1].end))
    quotations = tuple(
        Quotation(f"q{number}", each.kind, each.spans, each.contents, each.partial, each.speaker, each.cue, each.medium)
        for number, each in enumerate(found, start=1)
    )
    spoken = {span for each in found if each.kind is QuoteKind.DIRECT for span in each.spans}
    marked = tuple(pair.whole for pair in pairs if pair.depth == 0 and pair.spans[0] not in spoken)
    return Ledger(quotations, moods.as_hearsay(claims), marked, findings)


def _found(page: Page, voices: Voices, quoted: Quoted, mood: Mood, claims: list[Span]) -> Iterator[Found]:
    """Yield every quotation line by line; claims without a source go to ``claims``."""
    spoke = -1  # the last line in which somebody spoke
    opened = -2  # the last line in which somebody told something, and nothing of it was reported
    open_pair = None
    for number, line in enumerate(page.lines):
        if page.blocks[line.block].kind in QUIET:
            continue
        parsed = parse(line, voices.lexicon, voices.known)
        every = reported.told(line, parsed, voices.lexicon, voices.known, mood)
        told = [each for each in every if not each.inner]
        goes_on = spoke >= number - 1 and spoke >= 0
        spoken: list[Frame] = [each.frame for each in told]
        direct: list[Found] = []
        pairs = quoted.quotations(number, parsed, every, after=open_pair, voiced=goes_on) if line.quoted else ()
        for each, frame in pairs:
            direct.append(each)
            if frame is not None:
                spoken.append(frame)
            elif each.speaker is not None and not each.speaker.rule.startswith("carried"):
                voices.heard(number, each.speaker)
        yield from direct
        for each_told in told:
            if not each_told.quoted:
                yield _indirect(number, line, each_told, voices)
        subjunctive = False
        said = told or any(not each.partial for each in direct)
        if not said and not any(_frames(line, frame, voices, mood) for frame in parsed.frames):
            if moods.subjunctive(line, mood, voices.known, goes_on=goes_on or opened == number - 1):
                subjunctive = True
                announced = quoted.mouths.announced(number)
                if announced is not None:
                    voices.heard(number, announced[0])
                    spans = (announced[1],)
                    yield Found(QuoteKind.INDIRECT, spans, spans, False, announced[0], line=number)
                else:
                    spans = (line.span,)
                    speaker = quoted.mouths.carried(number)
                    yield Found(QuoteKind.SUBJUNCTIVE, spans, spans, False, speaker, line=number)
            elif not direct and (claim := moods.hearsay(line, mood)) is not None:
                claims.append(claim)
        if not (direct or told or subjunctive or spoke == number - 1):
            before = reported.pointed(line, parsed, voices.lexicon, voices.known)
            if before is not None and number and page.lines[number - 1].block == line.block:
                yield _pointed(number, page.lines[number - 1], line, before, voices)
        voices.listen(number, parsed, spoken, quoted=bool(direct or told))
        if told and not direct and all(each.frame.speaker is None and each.frame.how is How.VERB for each in told):
            voices.voice = None  # "hiess es am Abend": nobody named goes on
        if direct or told or subjunctive:
            spoke = number
        elif any(_opens(frame) for frame in parsed.frames):
            opened = number
        last = line.pairs[-1]
        open_pair = last if last is not None and len(last.spans) > 1 else None


def _frames(line: Line, frame: Frame, voices: Voices, mood: Mood) -> bool:
    """Say whether a frame says in its own voice who speaks, so that the sentence is no reported speech as a whole."""
    if frame.speaker is None or frame.how in (How.BACK, How.FOR) or frame.embedded:
        return False
    if reported.aside(line, frame, voices.lexicon, mood):
        return False
    if frame.how is How.VERB and frame.finite >= 0:
        fold = line.folds[frame.finite]
        if mood.subjunctive((fold,)) or (moods.by_ending(fold) and fold not in voices.known.finite):
            return False  # "Er werfe niemandem etwas vor"
        if fold in voices.known.plural and fold.endswith("en") and mood.subjunctive(frame.folds):
            return False  # "die Ämter hätten früher warnen müssen"
    return frame.match is None or frame.match.verb.klass not in ("judge", "think", "call")


def _opens(frame: Frame) -> bool:
    """Say whether a frame may be the first half of a report: "Roth rügte die Behörden. Sie hätten nichts getan."."""
    says = frame.how is How.VERB and frame.match is not None and frame.match.verb.klass in TELLING
    return says and frame.speaker is not None and not (frame.passive or frame.embedded)


def _indirect(number: int, line: Line, each: reported.Told, voices: Voices) -> Found:
    """Return what a frame reports as a quotation."""
    frame = each.frame
    spans = reported.spans_of(line, each.ranges)
    speaker = voices.of(number, frame)
    if speaker is None and frame.how is How.BACK:
        speaker = voices.back(number, line.cover(frame.at[0], frame.at[0] + 1))
    cue = line.cover(frame.at[0], frame.at[-1] + 1)
    medium = line.cover(frame.medium.start, frame.medium.end) if frame.medium else None
    return Found(QuoteKind.INDIRECT, spans, spans, False, speaker, cue, medium, number)


def _pointed(number: int, before: Line, line: Line, frame: Frame, voices: Voices) -> Found:
    """Return the sentence in front of "Das teilte die Polizei mit" as what was said."""
    cue = line.cover(frame.at[0], frame.at[-1] + 1)
    medium = line.cover(frame.medium.start, frame.medium.end) if frame.medium else None
    spans = (before.cover(0, len(before.words) - (before.words[-1] in ".!?…")),)
    return Found(QuoteKind.INDIRECT, spans, spans, False, voices.of(number, frame), cue, medium, number - 1)


def _merged(found: Iterator[Found]) -> list[Found]:
    """Join subjunctive sentences that follow each other in the same mouth."""
    merged: list[Found] = []
    for each in found:
        last = merged[-1] if merged else None
        if (
            last is not None
            and each.kind is last.kind is QuoteKind.SUBJUNCTIVE
            and each.line == last.line + 1
            and _same_voice(each, last)
        ):
            spans = (*last.spans, *each.spans)
            merged[-1] = replace(last, spans=spans, contents=spans, line=each.line)
        else:
            merged.append(each)
    return merged


def _same_voice(one: Found, other: Found) -> bool:
    """Say whether two carried-over speakers are the same."""
    if one.speaker is None or other.speaker is None:
        return one.speaker is other.speaker
    return one.speaker.mention == other.speaker.mention
