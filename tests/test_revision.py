"""A record that a person edited: what follows from the targets follows them again."""

import json
from dataclasses import replace

import pytest

from newsbridge import fidelity
from newsbridge.article import Finding, FindingKind, Severity, Status
from newsbridge.record import Record
from newsbridge.record.document import dumps, from_document, to_document
from newsbridge.record.revision import checked, refreshed
from newsbridge.summary import Brief, SectionSummary, Sentence
from newsbridge.summary.extractive import Extractive
from records import sample


def bridged() -> Record:
    """Return the sample with the brief the summariser writes."""
    record = sample()
    summary = Extractive().summarise(record.article, record.ledger, record.translation, record.rendering)
    return replace(record, summary=summary)


def edited(record: Record, segment: str, target: str) -> Record:
    translations = tuple(
        replace(each, target=target) if each.segment == segment else each for each in record.translations
    )
    return replace(record, translations=translations)


def without(record: Record, segment: str) -> Record:
    """Take a segment out of the JSON document, as an editor would."""
    document = to_document(record)
    for section in document["sections"]:
        for block in [*([section["heading"]] if section["heading"] else []), *section["blocks"]]:
            block["segments"] = [each for each in block["segments"] if each["id"] != segment]
    return from_document(json.loads(json.dumps(document)))


def every_sentence(record: Record) -> list[Sentence]:
    brief = record.summary.brief
    headline = [brief.headline] if brief.headline else []
    return [*headline, *brief.points, *(one for each in record.summary.sections for one in each.sentences)]


def test_an_unedited_record_keeps_its_summary():
    record = bridged()
    assert refreshed(record).summary == record.summary
    assert refreshed(refreshed(record)) == refreshed(record)


@pytest.mark.parametrize("segment", sorted({id_ for each in every_sentence(bridged()) for id_ in each.segments}))
def test_a_sentence_goes_with_the_segment_it_cites(segment):
    record = bridged()
    citing = [each for each in every_sentence(record) if segment in each.segments]
    left = every_sentence(refreshed(without(record, segment)))
    assert citing
    assert not any(segment in each.segments for each in left)
    assert len(left) == len(every_sentence(record)) - len(citing)


def test_a_section_without_sentences_leaves_the_summaries():
    record = bridged()
    (only,) = (each for each in record.summary.sections if each.section == "s2")
    for sentence in only.sentences:
        record = without(record, sentence.segments[0])
    assert [each.section for each in refreshed(record).summary.sections] == ["s1"]


def test_a_sentence_follows_the_edited_target():
    record = edited(bridged(), "s1.p1.1", "Overnight the Aare rose by 2.4 metres near Aarwil.")
    shown = [each.text for each in every_sentence(refreshed(record)) if each.segments == ("s1.p1.1",)]
    assert shown
    assert set(shown) == {"Overnight the Aare rose by 2.4 metres near Aarwil."}


def test_the_headline_follows_the_edited_target():
    record = refreshed(edited(bridged(), "s0.p2.1", "Old weir, new dispute."))
    assert record.summary.brief.headline
    assert record.summary.brief.headline.text == "Old weir, new dispute"


def test_a_sentence_whose_target_was_emptied_is_dropped():
    left = every_sentence(refreshed(edited(bridged(), "s1.p1.1", "")))
    assert not any("s1.p1.1" in each.segments for each in left)


def test_a_model_s_sentence_stays_while_its_evidence_supports_it():
    own = Sentence("The Aare near Aarwil is up by 2.4 meters.", ("s1.p1.1",), "model")
    record = sample()
    summary = replace(record.summary, sections=(SectionSummary("s1", (own,)),), brief=Brief(points=(own,)))
    record = replace(record, summary=summary)
    assert refreshed(record).summary == summary
    target = "In the night to Friday the Aare near Aarwil rose by 3.4 meters."
    (point,) = refreshed(edited(record, "s1.p1.1", target)).summary.brief.points
    assert point == Sentence(target, ("s1.p1.1",), "extractive")


def test_a_quotation_that_moved_in_its_target_is_found_again():
    target = "The engineer Jan Moser said: “We are building the new weir,” and added: “this year.”"
    record = refreshed(edited(bridged(), "s1.p2.1", target))
    places = [place.span.of(target) for place in record.rendering["q3"].targets]
    assert places == ["“We are building the new weir,”", "“this year.”"]
    assert "q3" in record.summary.brief.quotes
    assert any(each.text == target for each in every_sentence(record))


def test_a_key_quotation_whose_marks_were_deleted_leaves_the_brief():
    record = bridged()
    assert "q3" in record.summary.brief.quotes
    record = refreshed(
        edited(record, "s1.p2.1", "We are building the new weir, said the engineer Jan Moser, this year.")
    )
    assert record.rendering["q3"].status is Status.MISSING
    assert "q3" not in record.summary.brief.quotes


def test_a_refreshed_record_can_be_written():
    record = refreshed(without(bridged(), "s1.p2.1"))
    assert from_document(json.loads(dumps(record))).summary == record.summary


def test_checking_looks_for_the_findings_of_segments_again(monkeypatch):
    asked = {}

    def check(article, ledger, translations, **settings):
        asked.update(settings)
        found = Finding(FindingKind.FIGURE_LOST, Severity.WARNING, "2.4 is gone", segment="s1.p1.1")
        return tuple(replace(each, findings=(found,) if each.segment == "s1.p1.1" else ()) for each in translations)

    monkeypatch.setattr(fidelity, "check", check, raising=False)
    record = sample()
    found = checked(record)
    assert [each.message for each in found.every_finding()] == [record.findings[0].message, "2.4 is gone"]
    assert (asked["language"].code, asked["target"], asked["quote_style"]) == ("de", "en", "american")
