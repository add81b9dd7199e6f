"""Quotations through a translation: marks made whole, the best hypothesis, and findings for the rest."""

import random
from dataclasses import replace

import pytest

from newsbridge import fidelity, languages, pipeline, reading
from newsbridge.article import Finding, FindingKind, Origin, Severity, Status
from newsbridge.engines import Hypothesis
from newsbridge.engines.echo import Echo
from newsbridge.fidelity import quantities, targetmarks
from newsbridge.fidelity.sides import sides
from newsbridge.fidelity.style import dress, house

TEXT = (
    "Der Rat tagt heute. «Wir bauen 3 Häuser», sagte Eva Kern. «Wir zahlen bar. Das geht schnell.» Danach war Schluss."
)


class Scripted(Echo):
    """Answers from a list of hypotheses per request text; otherwise as echo does."""

    align = None  # the embedded model aligns what it says

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def translate(self, requests):
        self.asked = [request.text for request in requests]
        return [
            tuple(Hypothesis(text, 0.0) for text in self.answers.get(request.text, [request.text]))
            for request in requests
        ]


def bridged(answers, text=TEXT, style="american"):
    article, ledger = pipeline.read_quotes(reading.read_text(text, language="de")[0])
    engine = Scripted(answers)
    translations = fidelity.translate(
        article, ledger, engine, language=languages.load("de"), target="en", quote_style=style, n_best=4
    )
    renderings = fidelity.render(article, ledger, translations, quote_style=style)
    return engine, {each.segment: each for each in translations}, renderings


GOOD = {
    "Der Rat tagt heute.": ["The council meets today."],
    '"Wir bauen 3 Häuser", sagte Eva Kern.': ['"We are building 3 houses," said Eva Kern.'],
    '"Wir zahlen bar."': ['"We pay in cash."'],
    '"Das geht schnell."': ['"It is quick."'],
    "Danach war Schluss.": ["Then it was over."],
}


def test_a_segment_inside_a_quotation_reaches_the_engine_balanced_and_leaves_it_as_it_was():
    engine, translations, _ = bridged(GOOD)
    assert engine.asked == list(GOOD)
    assert translations["s1.p1.3"].target == "“We pay in cash."
    assert translations["s1.p1.4"].target == "It is quick.”"


def test_kept_quotations_stand_where_they_were_said():
    _, translations, renderings = bridged(GOOD)
    assert [each.status for each in renderings] == [Status.KEPT, Status.KEPT]
    said = [place.span.of(translations[place.segment].target) for each in renderings for place in each.targets]
    assert said == ["“We are building 3 houses,”", "“We pay in cash.", "It is quick.”"]


def test_the_first_hypothesis_that_keeps_marks_and_figures_is_chosen():
    answers = GOOD | {
        '"Wir bauen 3 Häuser", sagte Eva Kern.': [
            "We are building 3 houses, said Eva Kern.",
            '"We are building 8 houses," said Eva Kern.',
            '"We build 3 houses," Eva Kern said.',
        ]
    }
    _, translations, renderings = bridged(answers)
    assert translations["s1.p1.2"].target == "“We build 3 houses,” Eva Kern said."
    assert translations["s1.p1.2"].origin is Origin.CHOOSE
    assert renderings[0].status is Status.REPAIRED


def test_a_lost_quotation_is_an_error_and_missing():
    _, translations, renderings = bridged(
        GOOD | {'"Wir bauen 3 Häuser", sagte Eva Kern.': ["Eva Kern said they were building 3 houses."]}
    )
    (finding,) = translations["s1.p1.2"].findings
    assert (finding.kind, finding.severity) == (FindingKind.QUOTE_LOST, Severity.ERROR)
    assert renderings[0].status is Status.MISSING


SAID = '"Wir bauen 3 Häuser", sagte Eva Kern.'


@pytest.mark.parametrize(
    ("hypothesis", "target"),
    [
        ('"We are "building 3 houses," said Eva Kern.', "“We are building 3 houses,” said Eva Kern."),
        ('"We are building 3 houses," said" Eva Kern.', "“We are building 3 houses,” said Eva Kern."),
        ('"We" are "building 3 houses", said Eva" Kern".', "“We are building 3 houses,” said Eva Kern."),
        ('We are building 3 houses," said Eva Kern.', "“We are building 3 houses,” said Eva Kern."),
        ("«We are building 3 houses», said Eva Kern.", "“We are building 3 houses”, said Eva Kern."),
    ],
)
def test_a_stray_mark_is_taken_off(hypothesis, target):
    _, translations, _ = bridged(GOOD | {SAID: [hypothesis]})
    assert translations["s1.p1.2"].target == target


def test_no_hypothesis_leaves_a_mark_without_partner_and_none_is_lost_in_silence():
    """Every way to strew marks into a translation: each pair is whole or a finding."""
    words = ["We", "are", "building", "3", "houses", ",", "said", "Eva", "Kern", "."]
    rng = random.Random(5)
    for _ in range(40):
        strewn = [rng.choice([word, f'"{word}', f'{word}"', f'{word} "', word, word]) for word in words]
        _, translations, _ = bridged(GOOD | {SAID: [" ".join(strewn)]})
        each = translations["s1.p1.2"]
        assert each.target.count("“") == each.target.count("”")
        found = {finding.kind.value.split("-")[0] for finding in each.findings}
        assert each.target.count("“") == 1 or "quote" in found


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("", FindingKind.DROPPED_TEXT),
        ("The council meets on 5 May.", FindingKind.FIGURE_INVENTED),
        ("The council the council the council meets.", FindingKind.LOOP_REPEATED),
    ],
)
def test_what_is_wrong_with_a_sentence_is_found(target, kind):
    _, translations, _ = bridged(GOOD | {"Der Rat tagt heute.": [target]})
    assert kind in [each.kind for each in translations["s1.p1.1"].findings]


def test_marks_round_the_whole_segment_are_found():
    text = "Der Rat will nach langer Debatte im Saal nun doch «Frieden auf Zeit» schliessen, sagte Eva Kern am Abend."
    _, translations, _ = bridged({}, text)
    (each,) = translations.values()
    assert FindingKind.QUOTE_MOVED not in [finding.kind for finding in each.findings]
    article, ledger = pipeline.read_quotes(reading.read_text(text, language="de")[0])
    edited = replace(each, target="“The council will make peace for a time after all, Eva Kern said in the evening.”")
    (checked,) = fidelity.check(
        article, ledger, [edited], language=languages.load("de"), target="en", quote_style="american"
    )
    assert FindingKind.QUOTE_GROWN in [finding.kind for finding in checked.findings]


def test_a_claim_that_became_a_fact_names_whose_claim_it_is():
    text = "Eva Kern warnte am Montag vor der Lage. Die Lage sei sehr ernst."
    _, translations, _ = bridged({"Die Lage sei sehr ernst.": ["The situation is very serious."]}, text)
    (finding,) = [each for each in translations["s1.p1.2"].findings if each.kind is FindingKind.CLAIM_AS_FACT]
    assert "Eva Kern" in finding.message
    _, translations, _ = bridged({"Die Lage sei sehr ernst.": ["The situation was said to be very serious."]}, text)
    assert not translations["s1.p1.2"].findings


def test_german_that_came_back_is_found():
    _, translations, _ = bridged({}, "Der Rat hat heute nach langer Debatte gegen den neuen Plan gestimmt.")
    assert [each.kind for each in translations["s1.p1.1"].findings] == [FindingKind.RESIDUE_SOURCE]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("american", "“It’s ‘done’,” she said."),
        ("british", "‘It’s “done”,’ she said."),
        ("source", "«It’s ‹done›,» she said."),
    ],
)
def test_house_styles(style, expected):
    assert dress("\"It's 'done',\" she said.", house(style, "«Ja»")) == expected


@pytest.mark.parametrize("style", ["american", "british", "source"])
def test_what_was_dressed_is_read_again(style):
    marks = house(style, "„Ja“")
    target = dress('"We\'re in," he said. "It\'s done."', marks)
    assert len(targetmarks.read(target)[0]) == 2


def test_figures_are_compared_by_their_values():
    german, english = (quantities.numerals(languages.load(code)) for code in ("de", "en"))
    ours = quantities.quantities("1'500 Franken, 3,5 Prozent, 2 Mio., fünfundzwanzig", german)
    theirs = quantities.quantities("1,500 francs, 3.5 per cent, 2 million, twenty-five", english)
    assert all(one.values & other.values for one, other in zip(ours, theirs, strict=True))


def test_marks_without_partner_do_not_reach_the_engine():
    article, ledger = pipeline.read_quotes(
        reading.read_text("Sie sagte: «Wir bauen.» Und dann „ging sie.", language="de")[0]
    )
    assert [side.pairs for side in sides(article, ledger)] == [1, 0]


def test_findings_know_their_segment_and_source():
    _, translations, _ = bridged(GOOD | {"Danach war Schluss.": [""]})
    (finding,) = translations["s1.p1.5"].findings
    assert isinstance(finding, Finding)
    assert finding.segment == "s1.p1.5"
    assert finding.source.of(TEXT) == "Danach war Schluss."
