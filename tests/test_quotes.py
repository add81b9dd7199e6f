"""Who said what: the seed, labelled cases, and marks that nobody closes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from newsbridge import pipeline, reading
from newsbridge.article import FindingKind
from quote_cases import CASES, KNOWN, label, labelled, ledger

ROOT = Path(__file__).parent
SEED = (ROOT.parent / "samples" / "000_334f0a9f5df88d9b.txt").read_text(encoding="utf-8")
EXPECTED = json.loads((ROOT / "seed" / "expected.json").read_text(encoding="utf-8"))
MARKS = {"newspaper": "„“", "book": "»«", "ascii": '""', "english closing": "„”"}


def read(text):
    return pipeline.read_quotes(reading.read_text(text, language="de")[0])


def direct(text):
    article, ledger = read(text)
    return [
        (" […] ".join(span.of(article.text) for span in each.contents), named(article, each))
        for each in ledger.quotations
        if each.kind == "direct"
    ]


def named(article, quotation):
    speaker = quotation.speaker
    if speaker is None:
        return None
    return speaker.name or article.words(speaker.mention)


@pytest.mark.parametrize("marks", [None, *MARKS])
def test_the_nine_quotations_of_the_seed_have_their_speakers(marks):
    text = SEED if marks is None else SEED.translate(str.maketrans("«»", MARKS[marks]))
    _article, ledger = read(text)
    found = [
        ([each.spans[0].start, each.spans[0].end], each.speaker.name, each.partial)
        for each in ledger.quotations
        if each.kind == "direct"
    ]
    assert found == [(each["span"], each["speaker"], each["partial"]) for each in EXPECTED["direct"]]


def test_the_reported_speech_of_the_seed_has_its_speaker():
    article, ledger = read(SEED)
    found = {
        each.spans[0].of(article.text).rstrip("."): each.speaker.name
        for each in ledger.quotations
        if each.kind != "direct"
    }
    for each in EXPECTED["reported"]:
        assert found.get(each["text"].rstrip(".")) == each["speaker"], each["text"]


def test_hearsay_has_no_speaker():
    article, ledger = read(SEED)
    assert [each.span.of(article.text) for each in ledger.hearsay] == [each["text"] for each in EXPECTED["hearsay"]]


def test_other_names_and_places_are_read_just_as_well():
    text = SEED.replace("Nauer", "Gerber").replace("David", "Livia").replace("Kasachstan", "Georgien")
    text = text.replace("der bisherige SRF-Russland-Korrespondent", "die bisherige Kaukasus-Korrespondentin")
    names = [name for _, name in direct(text)]
    assert names == ["Nikol Paschinjan"] + ["Livia Gerber"] * 8


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_cases(case):
    assert labelled(case, *ledger(case["text"])) == label(case)


@pytest.mark.parametrize("case", KNOWN, ids=lambda case: case["text"][:50])
@pytest.mark.xfail(strict=True, reason="known failure")
def test_known_failures(case):
    assert labelled(case, *ledger(case["text"])) == label(case)


def test_the_command_line_says_the_same_of_every_case():
    every = [*CASES, *KNOWN]
    lines = [json.dumps({"id": number, "text": case["text"]}) for number, case in enumerate(every)]
    command = [str(Path(sys.executable).with_name("newsbridge")), "quotes", "--from", "de", "--json", "-"]
    done = subprocess.run(
        command, input="\n".join(lines), capture_output=True, check=True, encoding="utf-8", timeout=300
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [{"id": number, **ledger(case["text"])[0]} for number, case in enumerate(every)]


def test_there_are_cases_enough_and_none_twice():
    texts = [case["text"] for case in [*CASES, *KNOWN]]
    assert len(texts) == len(set(texts)) >= 220


def test_an_opening_mark_without_partner_is_a_finding_and_swallows_nothing():
    text = "Er rief: «Wir gehen. Dann war Ruhe im Saal.\n\nSie sagte: «Wir bleiben hier.» Das war alles.\n"
    _article, ledger = read(text)
    assert [finding.kind for finding in ledger.findings] == [FindingKind.QUOTE_UNCLOSED]
    assert direct(text) == [("Wir bleiben hier.", "Sie")]


def test_a_quotation_may_go_on_in_the_next_paragraph():
    text = "Anna Meier sagte: «Wir haben lange gewartet.\n\nJetzt bauen wir.» Danach ging sie.\n"
    article, ledger = read(text)
    (quotation,) = [each for each in ledger.quotations if each.kind == "direct"]
    assert [span.of(article.text) for span in quotation.contents] == ["Wir haben lange gewartet.", "Jetzt bauen wir."]
    assert not ledger.findings


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("«Wir warten», betonte Trainer Kühn.", "Trainer"),
        ("«Wir warten», zischte Ida Kühn.", None),
        ("«Wir warten», sagte die neue Trainerin Ida Kühn.", "neue Trainerin"),
        ("«Wir warten», sagte der neue Trainer Udo Kühn.", "neuer Trainer"),
        ("«Wir warten», sagte Ida Kühn, die Leiterin des Amts.", "die Leiterin des Amts"),
        ("Ida Kühn, Leiterin des Amts sagte: «Wir warten.»", "Leiterin des Amts"),
        ("Ida Kühn, der die Leiterin des Amts vertraut, sagte: «Wir warten.»", None),
        ("«Wir warten», sagte die junge Ida Kühn.", None),
    ],
)
def test_a_speaker_is_described_by_what_stands_beside_the_name_and_not_by_a_verb(text, description):
    _article, ledger = read(text)
    assert [each.speaker.description for each in ledger.quotations] == [description]


def test_titles_stay_marked_text():
    article, ledger = read("Der Film „Die lange Nacht“ läuft heute. Das Schiff „Seeadler“ liegt im Hafen von Kiel.")
    assert not ledger.quotations
    assert [span.of(article.text) for span in ledger.marked] == ["„Die lange Nacht“", "„Seeadler“"]
