"""Sentence ends: labelled cases, a comparison, and what holds for any text."""

import itertools
import json
import random
from pathlib import Path

import pytest
import sentencex

from newsbridge import languages, pipeline, reading
from newsbridge.article import MASK
from newsbridge.sentences import MAX_LENGTH, MAX_WORDS, divide, split
from newsbridge.spans import Span

GROUPS = json.loads((Path(__file__).parent / "cases" / "sentences.json").read_text(encoding="utf-8"))
KNOWN = GROUPS.pop("known failures")
CASES = [case for cases in GROUPS.values() for case in cases]
GERMAN = languages.load("de")


def sentences(text):
    return [span.of(text) for span in split(text, GERMAN)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_sentences(case):
    assert sentences(case["text"]) == case["sentences"]


@pytest.mark.parametrize("case", KNOWN, ids=lambda case: case["text"][:60])
@pytest.mark.xfail(strict=True, reason="known failure: only the meaning tells")
def test_known_failures(case):
    assert sentences(case["text"]) == case["sentences"]


def test_sentencex_is_beaten(capsys):
    every = [*CASES, *KNOWN]
    ours = sum(sentences(case["text"]) == case["sentences"] for case in every)
    theirs = sum(
        [each.strip() for each in sentencex.segment("de", case["text"]) if each.strip()] == case["sentences"]
        for case in every
    )
    with capsys.disabled():
        print(f"\n{len(every)} cases of sentences: newsbridge {ours}, sentencex {theirs} right")
    assert len(every) >= 150
    assert ours > theirs


def test_a_mask_counts_as_a_blank():
    text = f"Er kam.{MASK} {MASK}Sie ging."
    assert [span.of(text) for span in split(text, GERMAN)] == ["Er kam.", "Sie ging."]


def test_nothing_is_lost_and_nothing_overlaps():
    chance = random.Random(11)
    words = [
        "Er",
        "am",
        "3.",
        "Mai",
        "z.",
        "B.",
        "«",
        "»",
        "Dr.",
        "ging",
        "…",
        "!",
        "?",
        ")",
        "(",
        "\n\n",
        "usw.",
        "12",
        ",",
    ]
    for _ in range(500):
        text = "".join(word + chance.choice(["", " ", " "]) for word in chance.choices(words, k=30))
        spans = split(text, GERMAN)
        assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
        assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())


def test_an_overlong_sentence_is_divided_at_commas():
    text = ", ".join(["und dann kam noch ein Wort"] * 60) + "."
    parts = divide(text, Span(0, len(text)))
    assert all(len(part) <= MAX_LENGTH and len(part.of(text).split()) <= MAX_WORDS for part in parts)
    assert all(part.of(text)[-1] in ",." for part in parts)
    assert "".join("".join(part.of(text).split()) for part in parts) == "".join(text.split())


def test_a_word_without_end_is_cut():
    text = "a" * 5000
    assert [len(part) for part in divide(text, Span(0, len(text)))] == [700] * 7 + [100]


def test_segments_have_ids_and_hold_neither_label_nor_credit():
    text = "Titel der Seite\n\nErster Satz hier. Zweiter Satz.\n\nLegende: Ein Bild vom See. Keystone\n"
    article = pipeline.read_sections(reading.read_text(text, language="de")[0])
    ids = [segment.id for segment in article.segments()]
    assert len(ids) == len(set(ids))
    shown = [segment.span.of(article.text) for segment in article.segments()]
    assert "Erster Satz hier." in shown
    assert "Ein Bild vom See." in shown
    assert not any("Keystone" in each or "Legende" in each for each in shown)
