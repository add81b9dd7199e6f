"""The brief on a terminal: plain text, narrow, every quotation with its speaker and the German below."""

from dataclasses import replace

import pytest

from newsbridge.article import Finding, FindingKind, Metadata, Severity
from newsbridge.record import Record
from newsbridge.summary import Brief, Sentence, Summary
from newsbridge.writing.terminal import WIDTH, render
from records import plain, sample


def lines(record: Record) -> list[str]:
    return render(record).splitlines()


def with_brief(record: Record, **changes: object) -> Record:
    return replace(record, summary=Summary((), replace(record.summary.brief, **changes)))


def test_title_date_and_notice_stand_on_top():
    text = render(sample())
    assert text.startswith("The dispute over the old weir goes on\n=====")
    assert "German: Der Streit um das alte Wehr geht weiter" in text
    assert "17 May 2024 · samples/wehr.txt" in text
    assert "machine-made, by the engine embedded" in text


def test_points_end_in_their_evidence():
    assert "- After that the administrative court decides. [s2.p3.1]" in lines(sample())


def test_a_key_quotation_has_speaker_english_and_german():
    found = lines(sample())
    start = found.index("  Jan Moser (Ingenieur) [q3; marks set again]")
    assert found[start + 1].strip() == "“We are building the new weir” … “this year.”"
    assert found[start + 2].strip() == "«Wir bauen das neue Wehr» … «noch in diesem Jahr.»"


def test_a_quotation_without_rendering_says_so():
    assert "no English rendering was found" in render(sample())


def test_reported_speech_gets_no_marks_and_says_what_it_is():
    text = render(with_brief(sample(), quotes=("q6",)))
    assert "[q6; reported speech; via «Seetaler Boten»]" in text
    assert "\n    The municipality will not accept that\n" in text


def test_a_partial_quotation_ends_without_the_comma_of_its_sentence():
    assert "\n    “under control at all times”\n" in render(with_brief(sample(), quotes=("q2",)))


def test_the_worst_findings_come_first():
    found = lines(sample())
    start = next(number for number, line in enumerate(found) if line.startswith("To check: 5 findings"))
    assert "(3 error, 1 warning, 1 info)" in found[start]
    severities = [line[2:].split(",")[0] for line in found[start + 1 :] if line.startswith("- ")]
    assert severities == ["error", "error", "error", "warning", "info"]


def test_findings_beyond_the_fifth_are_counted():
    record = sample()
    more = tuple(Finding(FindingKind.LOOP_REPEATED, Severity.INFO, f"again {number}") for number in range(4))
    assert "- and 4 more, in the record" in lines(replace(record, findings=record.findings + more))


@pytest.mark.parametrize("record", [sample(), plain("")], ids=["sample", "empty"])
def test_no_line_is_wider_than_a_terminal(record):
    assert max(map(len, lines(record))) <= WIDTH
    assert render(record).endswith("\n")
    assert not render(record).endswith("\n\n")


def test_an_article_without_a_brief_says_so():
    text = render(plain(""))
    assert "There is no brief in this record." in text
    assert "Nothing to check was found." in text


def test_no_escape_sequence_reaches_the_terminal():
    record = plain("Der Damm hält.", "The dam \x1b[31mholds\x1b[0m\x07.")
    point = Sentence("The dam \x1b[31mholds\x1b[0m\x07.", ("s1.p1.1",), "extractive")
    record = replace(record, summary=Summary((), Brief(point, (point,), ())))
    record = replace(record, article=replace(record.article, metadata=Metadata(title="\x1b]0;Damm\x07")))
    assert all(line.isprintable() for line in lines(record))


def test_equal_records_give_equal_text():
    assert render(sample()) == render(sample())
