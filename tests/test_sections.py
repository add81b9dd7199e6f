"""Where a page's parts begin and end, and what they are."""

import json
import random
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbridge import languages, reading, sections
from newsbridge.article import MASK, Article, BlockKind, SectionKind

HERE = Path(__file__).parent
SEED = HERE.parent / "samples" / "000_334f0a9f5df88d9b.txt"
SAMPLES = HERE.parent / "samples"
CASES = json.loads((HERE / "cases" / "sections.json").read_text(encoding="utf-8"))
GERMAN = languages.load("de")
BODY = "Der Stadtrat hat am Montag entschieden. Die Arbeiten beginnen im Herbst und dauern zwei Jahre."
REST = "Im Quartier regt sich Widerstand. Mehr als 300 Personen haben eine Petition unterschrieben."


def divide(text: str, *, markdown: bool = False) -> Article:
    article, _ = reading.read_text(text, markdown=markdown, check_language=False)
    return sections.divide(article, GERMAN)


def rows(article: Article) -> list[str]:
    found = []
    for section in article.sections:
        for block in section.every_block():
            kind = section.kind if block is section.heading else block.kind
            row = f"{kind.value}: {article.words(block.span)}"
            row += f" | label {article.words(block.label)}" if block.label else ""
            row += f" | credit {article.words(block.credit)}" if block.credit else ""
            found.append(row)
    return found


def blank(char: str) -> bool:
    return char.isspace() or char == MASK


def check_laws(article: Article) -> None:
    """Blocks, header and masked signs hold every word; blocks never overlap; ids say where a block stands."""
    assert len(article.plain) == len(article.text)
    assert all(shown in (written, MASK) for shown, written in zip(article.plain, article.text, strict=True))
    blocks = list(article.blocks())
    assert all(left.span.end <= right.span.start for left, right in pairwise(blocks))
    held = [blank(char) for char in article.plain]
    for span in [block.span for block in blocks] + ([article.header] if article.header else []):
        held[span.start : span.end] = [True] * len(span)
    lost = "".join(char for char, kept in zip(article.text, held, strict=True) if not kept)
    assert lost == ""
    for block in blocks:
        words = block.span.of(article.plain)
        assert not blank(words[0])
        assert all(part is None or block.span.holds(part) for part in (block.label, block.credit))
    ids = [block.id for block in blocks]
    assert len(set(ids)) == len(ids)
    for section in article.sections:
        assert section.id == "s0" or section.kind is not SectionKind.FRONT
        assert [block.id for block in section.blocks] == [
            f"{section.id}.p{n}" for n in range(1, len(section.blocks) + 1)
        ]
        assert section.heading is None or section.heading.id == f"{section.id}.h"
    numbers = [int(section.id[1:]) for section in article.sections]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def labelled(*groups: str) -> list:
    return [pytest.param(case, id=f"{group}: {case['name']}") for group in groups for case in CASES[group]]


def test_there_are_sixty_cases_or_more():
    assert sum(map(len, CASES.values())) >= 60


@pytest.mark.parametrize("case", labelled("invented", "must stay untouched"))
def test_a_page_is_divided_as_labelled(case):
    article = divide(case["text"], markdown=case.get("markdown", False))
    assert rows(article) == case["blocks"]
    check_laws(article)


@pytest.mark.xfail(strict=True, reason="known failures: a cure shall be noticed")
@pytest.mark.parametrize("case", labelled("known failures"))
def test_known_failure(case):
    assert rows(divide(case["text"])) == case["blocks"]


# ------------------------------------------------------------------------------------------------------- the seed


def test_the_seed_is_divided_as_expected():
    expected = json.loads((HERE / "seed" / "expected.json").read_text(encoding="utf-8"))
    article = sections.divide(reading.read_file(SEED), GERMAN)
    check_laws(article)
    assert article.metadata.date == expected["date"]
    assert len(article.sections) == 6
    for section, wanted in zip(article.sections, expected["sections"], strict=True):
        assert section.kind is SectionKind.LEAD_IN
        assert [section.heading.span.start, section.heading.span.end] == wanted["lead_in_span"]
        assert article.words(section.heading.span) == wanted["lead_in"] + ":"
        assert article.words(section.blocks[0].span).startswith(wanted["body_begins"])
    (caption,) = [block for block in article.blocks() if block.kind is BlockKind.CAPTION]
    assert [caption.span.start, caption.span.end] == expected["caption"]["span"]
    assert article.words(caption.credit) == expected["caption"]["credit"]
    assert article.words(caption.label) == "Legende:"
    assert article.words(article.sections[5].blocks[-1].span).startswith("Es könne zu")


NAMES = {
    "Kasachstan": "Moravien", "kasachisch": "moravisch", "Almaty": "Selmgrad", "Nikol Paschinjan": "Arvid Lund",
    "Kassym-Schomart Tokajew": "Pavel Drach", "Tokajew": "Drach", "David Nauer": "Lena Amrein", "Nauer": "Amrein",
    "SRF": "NRB", "Keystone": "Reuters", "Moskau": "Brenn", "Russland": "Nordmark", "2022-01": "2019-11-04",
}  # fmt: skip


@pytest.mark.parametrize("number", range(12))
def test_the_seed_with_other_names_marks_and_order_is_divided_as_well(number):
    chance = random.Random(number)
    text = SEED.read_text(encoding="utf-8").removeprefix(" date 2022-01 ")
    for name, other in NAMES.items():
        text = text.replace(name, other)
    marks = chance.choice(["«»", "„“", "»«", '""'])
    text = text.replace("«", marks[0]).replace("»", marks[1])
    paragraphs = text.split("\n\n")
    groups: list[list[str]] = []
    for paragraph in paragraphs:
        if re.match(r"(?:Das|So|Daran)\b[^.]*?:", paragraph):
            groups.append([])
        groups[-1].append(paragraph)
    chance.shuffle(groups)
    header = chance.choice([" date 2019-11-04 ", "", "date: 2019-11-04\n\n"])
    article = divide(header + "\n\n".join(paragraph for group in groups for paragraph in group))
    check_laws(article)
    assert article.metadata.date == ("2019-11-04" if header else None)
    assert [section.kind for section in article.sections] == [SectionKind.LEAD_IN] * 6
    for section, group in zip(article.sections, groups, strict=True):
        lead, _, body = group[0].partition(": ")
        assert article.words(section.heading.span) == lead + ":"
        assert [article.words(block.span) for block in section.blocks] == [body, *group[1:]]
    (caption,) = [block for block in article.blocks() if block.kind is BlockKind.CAPTION]
    assert article.words(caption.credit) == "Reuters"


# ---------------------------------------------------------------------------------------------------- the samples


def test_the_wire_report_has_a_headline_a_dateline_and_crossheads():
    article = sections.divide(reading.read_file(SAMPLES / "wire-report.txt"), GERMAN)
    check_laws(article)
    kinds = [section.kind for section in article.sections]
    assert kinds == [SectionKind.FRONT, SectionKind.OPENING, SectionKind.CROSSHEAD, SectionKind.CROSSHEAD]
    assert article.metadata.byline == "ada"
    assert article.metadata.extra == {"dateline": "OBERFELDEN"}
    assert article.metadata.title == "Gemeinde räumt Weiler nach Felsbewegungen am Rotstock"


def test_the_feature_has_headings_and_a_caption_with_its_credit():
    article = sections.divide(reading.read_file(SAMPLES / "feature.md"), GERMAN)
    check_laws(article)
    assert [section.kind for section in article.sections][2:] == [SectionKind.HEADING] * 3
    assert article.metadata.byline == "Jette Harmsen"
    assert article.metadata.date == "2026-03-28"
    assert article.metadata.teaser.startswith("Seit 141 Jahren")
    captions = [block for block in article.blocks() if block.kind is BlockKind.CAPTION]
    assert article.words(captions[-1].credit) == "Ole Brandt"
    assert article.words(captions[-1].span).startswith("Ein Ponton")


def test_the_interview_has_six_questions_and_their_answers():
    article = sections.divide(reading.read_file(SAMPLES / "interview.txt"), GERMAN)
    check_laws(article)
    asked = [section for section in article.sections if section.kind is SectionKind.QUESTION]
    assert len(asked) == 6
    assert {article.words(section.heading.label) for section in asked} == {"Selmer Bote:"}
    assert {article.words(block.label) for section in asked for block in section.blocks} == {"Annegret Sellin:"}


# ----------------------------------------------------------------------------------------------------- the details


def test_what_the_header_says_goes_before_what_the_page_says():
    article = divide(f"---\ntitle: Aus dem Kopf\n---\n\n# Von der Seite\n\n{BODY}", markdown=True)
    assert article.metadata.title == "Aus dem Kopf"


def test_a_list_sign_and_a_credits_brackets_are_masked_in_place():
    article = divide(f"{BODY}\n\n- eine Brücke\n- ein Tunnel\n\nDie Brücke von Süden. (Bild: Keystone)\n\n{REST}")
    assert article.words(article.sections[0].blocks[1].span) == "eine Brücke"
    assert "- eine" in article.text
    assert article.plain.count(MASK) == len("- - ") + len("(Bild: ") + len(")")


def test_a_markdown_articles_hints_are_spent():
    assert divide(f"# Titel\n\n{BODY}", markdown=True).hints == ()


def test_a_page_break_ends_a_paragraph_and_a_line_feed_inside_wrapped_text_does_not():
    assert len(rows(divide(f"{BODY}\f{REST}"))) == 2


def test_no_break_spaces_stay():
    article = divide("Die Brücke kostet 14\u00a0Millionen Franken. Das ist viel.")
    assert "14\u00a0Millionen" in article.text


LINES = st.sampled_from([
    BODY, REST, "Widerstand im Quartier", "So geht es weiter: " + BODY, "Müller sagt: «Nein.»",
    "Legende: Ein Bild. Keystone",     "(Bild: Keystone)", "Foto: Anna Muster", "Nordblatt: Und jetzt?", "Kühn: Gut.",
    "- ein Punkt", "1. eins", "2. zwei",
    "– so", "", "", "", " ", "\f", "# Titel", "> Zitat", "**fett**", "**Frage?** Ja.", "![Bild](a.jpg)", "*kursiv*",
    "| a | b |", "|---|---|", "```", "---", "===", "<!-- x", "-->", "<b>", "[a]: b", "[^1]: c", "date: 2022-01",
    ":", "?",     "«", "„“", "\u200b", "\ufeff", "\u0308", "()", "Foto:", "Von Anna Muster", "LINDACH (nda) – " + BODY,
    "\x07", "\u2028",
])  # fmt: skip


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.lists(LINES, max_size=14), st.sampled_from(["\n", "\n\n", " "]), st.booleans())
def test_no_word_is_lost_and_no_block_overlaps(lines, joiner, markdown):
    check_laws(divide(joiner.join(["Ein Wort", *lines]), markdown=markdown))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.text("aÄ .:?!-*_`#>[](){}<>|~\\\n\u200b\ufeff\u00a0«»„“\"'1\f\t", max_size=60), st.booleans())
def test_no_sign_is_lost_either(text, markdown):
    check_laws(divide("Wort " + text, markdown=markdown))


HUGE = {
    "one paragraph": BODY + " ",
    "one paragraph with colons": "So geht es: Der Rat tagt, ",
    "only marks": "„",
    "only brackets": "[",
    "only closing brackets": "](",
    "only stars": "*a ",
    "only stars and lines": "*a _b ",
    "only backticks": "` `` ",
    "only comments": "<!--",
    "only tags": "<a ",
    "only blanks and masks": "\u2003\u200b",
    "short lines": "a\n",
    "bullets": "- a\n",
    "fences": "```\n",
    "quotes": "> a\n",
    "deep quotes": ">",
    "tables": "|a",
    "questions": "Und jetzt?\n\nJa.\n\n",
    "labels": "Kühn: Ja?\n\n",
    "captions": "Legende: Ein Bild. Keystone\n\n",
}


@pytest.mark.parametrize("markdown", [False, True], ids=["text", "Markdown"])
@pytest.mark.parametrize("piece", HUGE.values(), ids=HUGE.keys())
def test_time_is_linear_in_the_length(piece, markdown):
    def seconds(size: int) -> float:
        text = "Ein Wort " + piece * (size // len(piece))
        began = time.perf_counter()
        divide(text, markdown=markdown)
        return time.perf_counter() - began

    short, long = seconds(20_000), seconds(160_000)
    assert long < 0.5 + 30 * short  # linear is 8 times, quadratic 64
