"""What holds for any text: no crash, spans inside the text, no overlap, and every mark accounted for."""

import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbridge import pipeline, reading
from newsbridge.article import QuoteKind
from newsbridge.writing import listing

DOUBLE = "„“”»«"
NAMES = ["Kühn", "Eva Kern", "Jonas Brand", "Dr. Anna Meier", "die Ministerin", "ein Sprecher der Polizei", "O'Brien"]
VOCABULARY = """Er sie man der Plan Strasse gross 3. 12 usw. dass ob zu und sagte sagt sprach von nannte warf vor wies
zurück fügte hinzu laut zufolge Nach Angaben Einschätzung nach so wie heisst es in sei habe könne hätten soll sollen
haben sein gewesen Vorwurf Ansicht Film Zeitung sogenannte 🙂 ﬁ e\u0301 Ku\u0308hn"""
WORDS = [*NAMES, *VOCABULARY.split()]
MARKS = [*DOUBLE, '"', "'", "‚", "‘", "’", "›", "‹", "''", "‟", "`"]
POINTS = [".", ",", ":", ";", "!", "?", "–", "…", "(", ")", "-", "/", "Frage:", "Eva Kern:", "Legende:"]
BLANKS = [" ", " ", " ", "", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\t", "\u00a0", "\u200b", "  "]

pieces = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(MARKS), st.sampled_from(POINTS))
law = settings(derandomize=True, deadline=None, max_examples=80)
texts = st.lists(st.tuples(pieces, st.sampled_from(BLANKS)), max_size=60).map(
    lambda found: "".join(piece + blank for piece, blank in found) + "Ende"
)

SAID = ["Wir bauen.", "ein schwarzer Tag", "Nein", "Wirklich?", "Er rief ‹Halt!› und lief.", "Der ‹Bote› irrt"]
FRAMES = [
    "«{said}», sagte {name}.", "{name} sagte: «{said}»", "«{said}», so {name}, «und zwar bald.»", "«{said}»",
    "{name} nannte den Plan «{said}».", "Laut {name} ist das «{said}».", "Der Film «{said}» läuft heute.",
    "{name} sagte, das sei «{said}».", "Wie die Zeitung «{said}» berichtet, kommt {name} heute.",
    "«{said}», zitiert die «Landpost» {name}.", "{name} warf der Stadt «{said}» vor.", "‹{said}›, sagte {name}.",
    "Der als «{said}» bekannte {name} schweigt.", "{name} sagte: «{said}\n\nSo ist das.» Dann war Ruhe.",
    "{name} rief: «{said} Dann ging es weiter.", "Man müsse handeln, sagte {name}. Es eile sehr.",
]  # fmt: skip


def sentence(frame, said, name):
    """Fill a frame; single marks hold no single marks."""
    said = said.replace("‹", "").replace("›", "") if "‹" in frame else said
    return frame.format(said=said, name=name[0].upper() + name[1:])


sentences = st.builds(sentence, st.sampled_from(FRAMES), st.sampled_from(SAID), st.sampled_from(NAMES))
swiss = st.lists(st.tuples(sentences, st.sampled_from([" ", " ", "\n\n"])), min_size=1, max_size=6).map(
    lambda found: "".join(itertools.chain.from_iterable(found)).strip()
)
SYSTEMS = {"newspaper": "„“‚‘", "book": "»«›‹", "English closing": "„”‚’", "English": "“”‘’", "ascii": "\"\"''"}


def read(text):
    """Return article, ledger, and the way back to the offsets of the text as given."""
    article, offsets = reading.read_text(text, language="de")
    return *pipeline.read_quotes(article), offsets


def apart(spans):
    """Say whether no two spans share a code point."""
    return all(one.end <= other.start for one, other in itertools.pairwise(sorted(spans)))


def all_spans(ledger):
    for each in ledger.quotations:
        yield from each.spans
        yield from filter(None, (each.cue, each.medium, each.speaker and each.speaker.mention))
    for each in ledger.hearsay:
        yield from filter(None, (each.span, each.cue))
    yield from ledger.marked
    yield from (finding.source for finding in ledger.findings)


@law
@given(texts)
def test_every_span_of_a_ledger_lies_inside_the_text(text):
    article, ledger, _ = read(text)
    assert all(0 <= span.start < span.end <= len(article.text) for span in all_spans(ledger))


@law
@given(texts)
def test_contents_lie_inside_their_spans(text):
    _, ledger, _ = read(text)
    for each in ledger.quotations:
        assert len(each.contents) == len(each.spans)
        pairs = zip(each.contents, each.spans, strict=True)
        assert all(span.start <= content.start <= content.end <= span.end for content, span in pairs)


@law
@given(texts)
def test_siblings_never_overlap(text):
    _, ledger, _ = read(text)
    direct = [span for each in ledger.quotations if each.kind is QuoteKind.DIRECT for span in each.spans]
    reported = [span for each in ledger.quotations if each.kind is not QuoteKind.DIRECT for span in each.spans]
    assert apart([*direct, *ledger.marked])
    assert apart(reported)
    assert apart(each.span for each in ledger.hearsay)
    for each in ledger.quotations:
        assert list(each.spans) == sorted(each.spans)


@law
@given(texts)
def test_quotations_stand_in_reading_order_and_have_each_an_id(text):
    _, ledger, _ = read(text)
    starts = [each.spans[0].start for each in ledger.quotations]
    assert starts == sorted(starts)
    assert [each.id for each in ledger.quotations] == [f"q{number}" for number, _ in enumerate(starts, start=1)]


@law
@given(texts)
def test_a_speaker_is_sure_between_nothing_and_one_and_names_a_rule(text):
    _, ledger, _ = read(text)
    speakers = [each.speaker for each in ledger.quotations if each.speaker]
    assert all(0 <= speaker.confidence <= 1 and speaker.rule for speaker in speakers)


@law
@given(texts)
def test_the_same_text_gives_the_same_ledger(text):
    assert read(text)[1] == read(text)[1]


@law
@given(texts)
def test_every_double_mark_is_in_a_pair_or_in_a_finding(text):
    article, ledger, _ = read(text)
    spoken = [span for each in ledger.quotations if each.kind is QuoteKind.DIRECT for span in each.spans]
    pairs = [*spoken, *ledger.marked]
    lonely = {finding.source.start for finding in ledger.findings}
    for at, character in enumerate(article.plain):
        if character in DOUBLE:
            assert at in lonely or any(span.start <= at < span.end for span in pairs), at
    marks = {*DOUBLE, *"\"'‚‘’›‹"}
    assert all({article.plain[span.start], article.plain[span.end - 1]} <= marks for span in ledger.marked)
    assert not any(span.start == at or span.end - 1 == at for at in lonely for span in ledger.marked)


@law
@given(texts)
def test_json_points_into_the_text_as_it_was_given(text):
    article, ledger, offsets = read(text)
    for span in all_spans(ledger):
        given_words = text[offsets(span.start) : offsets(span.end)]
        normal = unicodedata.normalize("NFC", given_words.replace("\r\n", "\n").replace("\r", "\n"))
        assert normal == span.of(article.text)


def swapped(value, table):
    """Return a JSON value with the marks in all its texts exchanged."""
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, list):
        return [swapped(each, table) for each in value]
    return {key: swapped(each, table) for key, each in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("system", SYSTEMS)
@law
@given(text=swiss)
def test_another_mark_system_changes_the_marks_alone(system, text):
    table = str.maketrans("«»‹›", SYSTEMS[system])
    (article, ledger, _), (other, found, _) = read(text), read(text.translate(table))
    document = listing.quotes_document(article, ledger, int)
    assert swapped(document, table) == listing.quotes_document(other, found, int)
    assert ledger.marked == found.marked
    assert ledger.findings == found.findings
