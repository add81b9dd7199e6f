"""The extractive summariser: what it shows, what it never shows, and what it stands on."""

from dataclasses import dataclass, field, replace

import pytest

from newsbridge.article import (
    Article,
    Block,
    BlockKind,
    FindingKind,
    Hearsay,
    Ledger,
    Metadata,
    QuoteKind,
    Section,
    SectionKind,
    Severity,
    Status,
)
from newsbridge.record import Record
from newsbridge.summary import Sentence, Summarizer, Summary
from newsbridge.summary.evidence import Evidence
from newsbridge.summary.extractive import Extractive
from newsbridge.summary.ranking import centrality, cosine, weigh
from newsbridge.summary.support import faults, supported
from records import Builder, finding, plain, sample

P = BlockKind.PARAGRAPH


@dataclass
class Page:
    """An article of one section, written down pair by pair."""

    make: Builder = field(default_factory=Builder)
    blocks: list[Block] = field(default_factory=list)
    hearsay: list[Hearsay] = field(default_factory=list)

    def add(self, *pairs: tuple[str, str], kind: BlockKind = P, **more: object) -> "Page":
        self.blocks.append(self.make.block(f"s1.p{len(self.blocks) + 1}", kind, pairs, **more))
        return self

    def said(self, *args: object, **more: object) -> "Page":
        self.make.quote(*args, **more)
        return self

    def rumour(self, words: str) -> "Page":
        self.hearsay.append(Hearsay(f"h{len(self.hearsay) + 1}", self.make.where(words)))
        return self

    def record(self) -> Record:
        section = Section("s1", SectionKind.OPENING, None, tuple(self.blocks))
        return page(self.make, [section], self.hearsay)


def page(make: Builder, sections: list[Section], hearsay: list[Hearsay] | None = None) -> Record:
    base = plain("")
    article = replace(base.article, text=make.text, plain=make.text, sections=tuple(sections), metadata=Metadata())
    return replace(
        base,
        article=article,
        ledger=Ledger(tuple(make.quotations), tuple(hearsay or ())),
        translations=tuple(make.translations),
        renderings=tuple(make.renderings),
    )


def summarise(record: Record) -> Summary:
    return Extractive().summarise(record.article, record.ledger, record.translation, record.rendering)


def sentences(summary: Summary) -> list[Sentence]:
    brief = summary.brief
    return [
        *(sentence for each in summary.sections for sentence in each.sentences),
        *brief.points,
        *([brief.headline] if brief.headline else []),
    ]


def texts(record: Record) -> list[str]:
    return [each.text for each in sentences(summarise(record))]


def evidence(record: Record) -> Evidence:
    return Evidence(record.article, record.ledger, record.translation, record.rendering)


def derived(record: Record, *segments: str) -> str | None:
    found = evidence(record).derive(segments)
    return found[0] if found else None


DAM = ("Der Damm von Aarwil ist gebrochen.", "The dam of Aarwil has burst.")
MOSER = ("Der Ingenieur Jan Moser kennt den Damm.", "The engineer Jan Moser knows the dam.")


def carried(kind: QuoteKind, source: str, target: str, **more: object) -> Record:
    """Put a sentence behind one that names Jan Moser, whose words it is."""
    return Page().add(MOSER, (source, target)).said(kind, [source], [target], "Jan Moser", "Jan Moser", **more).record()


# ------------------------------------------------------------------------------------------- who says it


def test_a_quotation_carried_over_is_shown_with_its_speaker_before_it():
    record = carried(QuoteKind.DIRECT, "«Das Wasser steigt weiter.»", "“The water keeps rising.”")
    assert evidence(record).derive(["s1.p1.2"]) == ("Jan Moser: “The water keeps rising.”", "q1")


def test_a_sentence_out_of_a_long_quotation_gets_both_its_marks():
    make = Page().add(
        MOSER,
        ("«Der Damm ist alt.", "“The dam is old."),
        ("Die Gemeinde wusste davon.", "The municipality knew about it."),
        ("Jetzt ist er weg.»", "Now it is gone.”"),
    )
    make.said(
        QuoteKind.DIRECT,
        ["«Der Damm ist alt. Die Gemeinde wusste davon. Jetzt ist er weg.»"],
        ["“The dam is old.", "The municipality knew about it.", "Now it is gone.”"],
        "Jan Moser",
        "Jan Moser",
    )
    record = make.record()
    assert derived(record, "s1.p1.2") == "Jan Moser: “The dam is old.”"
    assert derived(record, "s1.p1.3") == "Jan Moser: “The municipality knew about it.”"
    assert derived(record, "s1.p1.4") == "Jan Moser: “Now it is gone.”"
    assert derived(record, "s1.p1.3", "s1.p1.4") == "Jan Moser: “The municipality knew about it. Now it is gone.”"


def test_a_quotation_that_goes_on_in_the_next_sentence_is_closed_where_it_is_cut():
    make = Page().add(
        ("Jan Moser sagte: «Der Damm ist alt.", "Jan Moser said: “The dam is old."),
        ("Er ist weg.»", "It is gone.”"),
    )
    make.said(
        QuoteKind.DIRECT,
        ["«Der Damm ist alt. Er ist weg.»"],
        ["“The dam is old.", "It is gone.”"],
        "Jan Moser",
        "Jan Moser",
    )
    assert derived(make.record(), "s1.p1.1") == "Jan Moser said: “The dam is old.”"


def test_the_marks_are_those_of_the_target():
    record = carried(QuoteKind.DIRECT, "«Das Wasser steigt.»", "‘The water is rising.’")
    assert derived(record, "s1.p1.2") == "Jan Moser: ‘The water is rising.’"


def test_reported_speech_without_a_frame_says_according_to_whom():
    record = carried(QuoteKind.SUBJUNCTIVE, "Die Lage sei ernst.", "The situation is serious.")
    assert evidence(record).derive(["s1.p1.2"]) == ("The situation is serious, according to Jan Moser.", "q1")


def test_reported_speech_that_ends_in_a_quotation_says_so_outside_the_marks():
    make = Page().add(MOSER, ("Die Lage sei «sehr ernst».", "The situation is “very serious.”"))
    make.said(
        QuoteKind.SUBJUNCTIVE,
        ["Die Lage sei «sehr ernst»."],
        ["The situation is “very serious.”"],
        "Jan Moser",
        "Jan Moser",
    )
    make.said(QuoteKind.DIRECT, ["«sehr ernst»"], ["“very serious.”"], "Jan Moser", "Jan Moser", partial=True)
    assert derived(make.record(), "s1.p1.2") == "The situation is “very serious,” according to Jan Moser."


def test_a_reported_question_names_whose_it_is_before_it():
    record = carried(QuoteKind.SUBJUNCTIVE, "Ob das Wasser noch steige?", "Is the water still rising?")
    assert derived(record, "s1.p1.2") == "According to Jan Moser: Is the water still rising?"


def test_a_sentence_that_names_its_speaker_stays_as_it_is():
    pair = (
        "Die Lage sei ernst, sagte der Präsident Nikol Aramjan.",
        "The situation was serious, President Nikol Aramyan said.",
    )
    record = (
        Page()
        .add(pair)
        .said(
            QuoteKind.INDIRECT, ["Die Lage sei ernst"], ["The situation was serious"], "Nikol Aramjan", "Nikol Aramjan"
        )
        .record()
    )
    assert evidence(record).derive(["s1.p1.1"]) == (pair[1], "q1")


def test_a_speaker_the_translation_lost_is_no_attribution():
    pair = ("Die Lage sei ernst, sagte Jan Moser.", "The situation was serious, it said.")
    record = (
        Page()
        .add(pair)
        .said(QuoteKind.INDIRECT, ["Die Lage sei ernst"], ["The situation was serious"], "Jan Moser", "Jan Moser")
        .record()
    )
    assert derived(record, "s1.p1.1") is None


def test_a_claim_is_not_the_name_it_lost():
    pair = (
        "Die Behauptung ist nach Mosers Einschätzung «frei erfunden».",
        "The claim is “freely invented.”",
    )
    make = (
        Page()
        .add(pair)
        .said(QuoteKind.DIRECT, ["«frei erfunden»"], ["“freely invented.”"], "Mosers", "Jan Moser", partial=True)
    )
    assert derived(make.record(), "s1.p1.1") is None


def test_a_body_the_translation_has_another_word_for_is_named_by_the_sentence():
    pair = ("Die Lage sei ernst, teilte die Polizei mit.", "The situation was serious, the police said.")
    record = (
        Page()
        .add(pair)
        .said(QuoteKind.INDIRECT, ["Die Lage sei ernst"], ["The situation was serious"], "die Polizei", "Polizei")
        .record()
    )
    assert derived(record, "s1.p1.1") == pair[1]


def test_a_german_common_noun_never_becomes_a_name():
    make = Page().add(
        ("Die Polizei war da.", "The police were there."), ("Die Lage sei ernst.", "The situation is serious.")
    )
    make.said(QuoteKind.SUBJUNCTIVE, ["Die Lage sei ernst."], ["The situation is serious."], "Die Polizei", "Polizei")
    assert derived(make.record(), "s1.p1.2") is None


def test_a_pronoun_is_no_attribution():
    make = Page().add(MOSER, ("Die Lage sei ernst, sagte er.", "The situation was serious, he said."))
    make.said(QuoteKind.INDIRECT, ["Die Lage sei ernst"], ["The situation was serious"], "er.", "Jan Moser")
    assert derived(make.record(), "s1.p1.2") is None


@pytest.mark.parametrize("kind", list(QuoteKind))
def test_speech_of_somebody_unknown_is_not_used(kind):
    record = (
        Page()
        .add(DAM, ("«Die Lage ist ernst.»", "“The situation is serious.”"))
        .said(kind, ["«Die Lage ist ernst.»"], ["“The situation is serious.”"], None, None)
        .record()
    )
    assert derived(record, "s1.p1.2") is None
    assert not any("serious" in text for text in texts(record))


def test_two_voices_in_one_sentence_need_both_their_names():
    pair = ("Das sei «Unsinn», sagte Vera Lüthi.", "That was “nonsense,” Vera Lüthi said.")
    make = Page().add(MOSER, pair)
    make.said(QuoteKind.INDIRECT, ["Das sei «Unsinn»"], ["That was “nonsense,”"], "Vera Lüthi", "Vera Lüthi")
    make.said(QuoteKind.DIRECT, ["«Unsinn»"], ["“nonsense,”"], "Jan Moser", "Jan Moser", partial=True)
    assert derived(make.record(), "s1.p1.2") is None


def test_hearsay_is_used_only_where_the_english_shows_it():
    german = "In Aarwil soll es Plünderungen gegeben haben."
    shown = Page().add((german, "In Aarwil there are said to have been lootings.")).rumour(german).record()
    lost = Page().add((german, "In Aarwil there were lootings.")).rumour(german).record()
    assert derived(shown, "s1.p1.1") == "In Aarwil there are said to have been lootings."
    assert derived(lost, "s1.p1.1") is None


def test_an_answer_is_shown_with_who_gives_it():
    record = Page().add(("Der Damm hielt lange.", "The dam held for long."), kind=BlockKind.ANSWER, label="Jan Moser:")
    assert texts(record.record())[0] == "Jan Moser: The dam held for long."


def test_an_answer_of_nobody_knows_whom_is_not_used():
    record = Page().add(("Der Damm hielt lange.", "The dam held for long."), kind=BlockKind.ANSWER).record()
    assert texts(record) == []


# ------------------------------------------------------------------------------------------ what is chosen


def test_it_is_a_summarizer():
    assert isinstance(Extractive(), Summarizer)


def test_captions_questions_and_bylines_are_never_shown():
    make = Page()
    words = "Der Damm von Aarwil und der Kanton"
    for kind in (BlockKind.CAPTION, BlockKind.QUESTION, BlockKind.BYLINE):
        make.add((f"{words}: {kind.value}.", f"The dam of Aarwil and the canton: {kind.value}."), kind=kind)
    make.add(("Am Abend ging ein kurzer Regen nieder.", "In the evening a short rain fell."))
    assert set(texts(make.record())) == {"In the evening a short rain fell.", "In the evening a short rain fell"}


def test_a_sentence_that_points_back_is_taken_only_with_the_one_before_it():
    make = Page().add(
        ("Der Damm gehört dem Kanton Seetal.", "The dam belongs to the canton of Seetal."),
        ("Er hat den Damm im Kanton Seetal gebaut.", "It built the dam in the canton of Seetal."),
    )
    for each in sentences(summarise(make.record())):
        assert each.segments[0] == "s1.p1.1"


def test_a_sentence_that_points_over_a_paragraph_is_not_taken():
    record = Page().add(DAM).add(("Er hat den Damm gebaut.", "He built the dam.")).record()
    assert not any("He built" in text for text in texts(record))


@pytest.mark.parametrize(
    ("source", "target", "findings"),
    [
        ("Der Kanton zahlt den neuen Damm.", "", ()),
        ("Der Kanton zahlt den neuen Damm.", "Pays.", ()),
        ("Der Kanton zahlt.", "The canton pays " * 9, ()),
        (
            "Der Kanton zahlt den neuen Damm.",
            "The canton pays for the new dam.",
            (finding(FindingKind.RESIDUE_SOURCE, Severity.ERROR, "came back in German", "s1.p1.2"),),
        ),
    ],
)
def test_a_translation_nobody_can_show_is_not_shown(source, target, findings):
    record = Page().add(DAM, (source, target), findings={2: findings}).record()
    assert all("s1.p1.2" not in each.segments for each in sentences(summarise(record)))
    assert sentences(summarise(record))


def test_a_question_states_nothing():
    record = Page().add(DAM, ("Wer zahlt dem Kanton den Damm?", "Who pays the canton for the dam?")).record()
    assert not any("Who pays" in text for text in texts(record))


def test_a_lone_mark_is_never_shown():
    record = Page().add(DAM, ("Der Kanton «zahlt den Damm.", "The canton “pays for the dam.")).record()
    assert derived(record, "s1.p1.2") is None


def test_the_second_sentence_says_something_new():
    record = (
        Page()
        .add(
            ("Der Kanton baut in Aarwil einen neuen Damm.", "The canton is building a new dam in Aarwil."),
            ("In Aarwil baut der Kanton einen neuen Damm.", "In Aarwil the canton is building a new dam."),
            ("Den neuen Damm in Aarwil baut der Kanton.", "The new dam in Aarwil is being built by the canton."),
            (
                "Die Kosten für Aarwil trägt der Bund in Bern.",
                "The federal government in Bern bears the costs for Aarwil.",
            ),
        )
        .record()
    )
    (section,) = summarise(record).sections
    assert [each.segments for each in section.sentences] == [("s1.p1.1",), ("s1.p1.4",)]


def test_points_come_from_many_sections_in_order_of_the_article():
    make, sections = Builder(), []
    towns = ("Aarwil", "Birrfeld", "Culmen", "Dornach", "Elmen")
    for number, town in enumerate(towns, 1):
        pairs = [
            (f"In {town} wird der alte Damm am Fluss erneuert.", f"In {town} the old dam at the river is renewed."),
            (f"Der Fluss steht in {town} hoch am alten Damm.", f"The river stands high in {town} at the old dam."),
            (f"Der Damm in {town} kostet den Kanton viel Geld.", f"The dam in {town} costs the canton much money."),
        ]
        block = make.block(f"s{number}.p1", P, pairs)
        sections.append(Section(f"s{number}", SectionKind.CROSSHEAD, None, (block,)))
    brief = summarise(page(make, sections)).brief
    cited = [point.segments[0] for point in brief.points]
    assert 3 <= len(cited) <= 5
    assert cited == sorted(cited)
    assert len({id_.split(".")[0] for id_ in cited}) == len(cited)


def test_the_headline_is_the_printed_one():
    brief = summarise(sample()).brief
    assert brief.headline == Sentence("The dispute over the old weir goes on", ("s0.p2.1",), "extractive")


def test_without_a_printed_headline_the_best_sentence_leads_and_is_no_point():
    record = (
        Page()
        .add(
            DAM,
            (
                "Der Kanton Seetal will den Damm von Aarwil neu bauen.",
                "The canton of Seetal wants to rebuild the dam of Aarwil.",
            ),
            ("Viele Keller in Birrfeld sind voll Wasser.", "Many cellars in Birrfeld are full of water."),
        )
        .record()
    )
    brief = summarise(record).brief
    assert brief.headline
    assert not brief.headline.text.endswith(".")
    assert brief.points
    assert all(point.segments != brief.headline.segments for point in brief.points)


def test_the_front_matter_has_no_summary():
    assert [each.section for each in summarise(sample()).sections] == ["s1", "s2"]


def test_an_empty_article_has_an_empty_brief():
    assert summarise(plain("")) == Summary()


def test_an_article_of_one_sentence_is_its_own_brief():
    summary = summarise(Page().add(DAM).record())
    assert [each.text for each in summary.brief.points] == ["The dam of Aarwil has burst."]
    assert [each.text for each in summary.sections[0].sentences] == ["The dam of Aarwil has burst."]


def test_no_more_points_than_a_short_article_carries():
    three = Page().add(DAM, MOSER, ("Der Kanton zahlt den neuen Damm.", "The canton pays for the new dam.")).record()
    assert 1 <= len(summarise(three).brief.points) <= 2


def test_equal_articles_have_equal_summaries():
    assert summarise(sample()) == summarise(sample())


def test_every_sentence_is_supported_by_what_it_cites():
    record = sample()
    found = sentences(summarise(record))
    assert len(found) >= 5
    for each in found:
        if each != summarise(record).brief.headline:
            assert list(faults(each, evidence(record))) == []


def test_a_long_section_is_summarised():
    lines = (f"Der Kanton Seetal erneuert den Damm Nummer {number} am Fluss." for number in range(2000))
    summary = summarise(plain("\n".join(lines)))
    assert len(summary.sections[0].sentences) == 2
    assert len(summary.brief.points) == 5


def test_a_quotation_over_many_sentences_is_read_once():
    make = Builder()
    count = 2000
    pairs = [
        (f"Damm {number} hält dem Wasser stand.", f"Dam {number} withstands the water.") for number in range(count)
    ]
    pairs = [
        ("Jan Moser sagte: «" + pairs[0][0], "Jan Moser said: “" + pairs[0][1]),
        *pairs[1:-1],
        (pairs[-1][0] + "»", pairs[-1][1] + "”"),
    ]
    block = make.block("s1.p1", P, pairs)
    quotation = make.text[make.text.index("«") : make.text.index("»") + 1]
    targets = ["“" + pairs[0][1].partition("“")[2], *(target for _, target in pairs[1:])]
    make.quote(QuoteKind.DIRECT, [quotation], targets, "Jan Moser", "Jan Moser")
    summary = summarise(page(make, [Section("s1", SectionKind.OPENING, None, (block,))]))
    assert all(each.text.startswith("Jan Moser") for each in sentences(summary))


# ---------------------------------------------------------------------------------------- key quotations


def quoted(*voices: str) -> Record:
    make = Page()
    for number, voice in enumerate(voices):
        said = f"«Der Damm Nummer {number} muss noch in diesem Jahr erneuert werden»"
        target = f"“Dam number {number} must be renewed before the year is out,”"
        make.add((f"{said}, sagte {voice}.", f"{target} {voice} said."))
        make.said(QuoteKind.DIRECT, [said], [target], f"{voice}.", voice)
    return make.record()


def test_key_quotations_come_from_as_many_voices_as_there_are():
    record = quoted("Jan Moser", "Jan Moser", "Jan Moser", "Jan Moser", "Jan Moser", "Vera Lüthi", "Ueli Brand")
    chosen = summarise(record).brief.quotes
    assert len(chosen) == 5
    assert {"q6", "q7"} < set(chosen)
    assert list(chosen) == sorted(chosen)


def test_a_quotation_the_translation_lost_is_no_key_quotation():
    record = quoted("Jan Moser", "Vera Lüthi")
    lost = replace(record.renderings[0], status=Status.MISSING, targets=())
    record = replace(record, renderings=(lost, record.renderings[1]))
    assert summarise(record).brief.quotes == ("q2",)


def test_a_quotation_in_a_caption_is_no_key_quotation():
    make = Page().add(
        ("«Der Damm hält dem Wasser stand», sagt Jan Moser.", "“The dam withstands the water,” says Jan Moser."),
        kind=BlockKind.CAPTION,
    )
    make.said(
        QuoteKind.DIRECT,
        ["«Der Damm hält dem Wasser stand»"],
        ["“The dam withstands the water,”"],
        "Jan Moser",
        "Jan Moser",
    )
    assert summarise(make.record()).brief.quotes == ()


# --------------------------------------------------------------------------------------------- the check


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("The Aare rose by 3.4 meters.", "the figure 3.4"),
        ("In the night the Rhine rose by 2.4 meters.", "the name Rhine"),
        ("In the night the Aare rose “dramatically” by 2.4 meters.", "“dramatically” does not stand"),
    ],
)
def test_what_the_evidence_does_not_say_is_a_fault(text, fault):
    (found,) = faults(Sentence(text, ("s1.p1.1",), "model"), evidence(sample()))
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("The Aare rose by 2.4 meters near Aarwil.", ("s1.p1.1",)),
        ("Vera Lüthi says the situation was “under control.”", ("s1.p1.3",)),
        ("Two cellars were reportedly flooded.", ("s1.p1.2",)),
        ("The costs are higher, Jan Moser says.", ("s1.p2.2",)),
    ],
)
def test_another_wording_of_the_evidence_is_supported(text, segments):
    assert list(faults(Sentence(text, segments, "model"), evidence(sample()))) == []


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("The costs are higher than planned.", ("s1.p2.2",)),
        ("Two cellars have been flooded.", ("s1.p1.2",)),
        ("The Aare rose.", ("s9.p1.1",)),
        ("The fire brigade should be heeded.", ("s3.p1.2",)),
        ("The Aare rose.", ()),
    ],
)
def test_a_claim_without_its_source_is_not_supported(text, segments):
    assert not supported(Sentence(text, segments, "model"), evidence(sample()))


# ----------------------------------------------------------------------------------------------- ranking


def test_the_sentence_most_alike_to_the_others_is_the_most_central():
    vectors = weigh([["damm", "fluss"], ["damm", "kanton"], ["damm", "fluss", "kanton"], ["regen"]])
    weights = centrality(vectors)
    assert max(weights) == weights[2] == 1
    assert min(weights) == weights[3]


def test_vectors_compare_from_nothing_to_all():
    same, other, empty = weigh([["damm"], ["fluss"], []])
    assert (cosine(same, same), cosine(same, other), cosine(same, empty)) == (pytest.approx(1), 0, 0)


def test_swiss_and_german_spelling_and_endings_are_one_term():
    rules = evidence(plain("")).rules
    assert rules.terms("Die grossen Strassen") == rules.terms("große Straße")


def test_an_article_can_be_built_without_any_translation():
    record = sample()
    article: Article = record.article
    assert Extractive().summarise(article, record.ledger, {}, {}) == Summary()


@pytest.mark.parametrize("text", ["«»" * 300, "… – !", "\u200b", "1 2 3", "«", "A" * 20000, "ß\n\nẞ\n\nﬀ"])
def test_a_text_that_is_none_is_no_crash(text):
    record = plain(text)
    assert all(each.text for each in sentences(summarise(record)))
