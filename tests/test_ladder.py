"""The rungs align and split: marks set again where they belong, and nowhere else."""

import pytest

from newsbridge import fidelity, languages, pipeline, reading
from newsbridge.article import FindingKind, Origin, Status
from newsbridge.engines import Hypothesis
from newsbridge.engines.echo import Echo
from newsbridge.fidelity.marking import mark
from newsbridge.fidelity.verbatim import verbatim
from newsbridge.spans import Span

SAID = "Am Montag sprach der Rat. «Wir bauen noch in diesem Jahr eine neue Schule», sagte Eva Kern in Bern."
ASKED = '"Wir bauen noch in diesem Jahr eine neue Schule", sagte Eva Kern in Bern.'


class Scripted(Echo):
    """Answers from a table, otherwise as echo does; counts its calls."""

    align = None  # the embedded model aligns what it says

    def __init__(self, answers):
        self.answers = answers
        self.calls = []

    def translate(self, requests):
        self.calls.append([request.text for request in requests])
        return [
            tuple(Hypothesis(text, 0.0) for text in self.answers.get(request.text, [request.text]))
            for request in requests
        ]


def climbed(text, answers, style="american"):
    article, ledger = pipeline.read_quotes(reading.read_text(text, language="de")[0])
    engine = Scripted(answers)
    translations = fidelity.translate(
        article, ledger, engine, language=languages.load("de"), target="en", quote_style=style, n_best=4
    )
    return engine, translations, fidelity.render(article, ledger, translations)


def last(text, hypotheses, style="american", asked=ASKED):
    engine, translations, renderings = climbed(
        text, {"Am Montag sprach der Rat.": ["The council spoke on Monday."], asked: hypotheses}, style
    )
    return engine, translations[-1], renderings[-1]


@pytest.mark.parametrize(
    ("style", "target"),
    [
        ("american", "“We are building a new school this year,” said Eva Kern in Bern."),
        ("british", "‘We are building a new school this year,’ said Eva Kern in Bern."),
        ("source", "«We are building a new school this year,» said Eva Kern in Bern."),
    ],
)
def test_lost_marks_are_set_again_by_alignment(style, target):
    engine, translation, rendering = last(
        SAID, ["We are building a new school this year, said Eva Kern in Bern."], style
    )
    assert (translation.target, translation.origin) == (target, Origin.ALIGN)
    assert rendering.status is Status.REPAIRED
    assert len(engine.calls) == 1
    assert not translation.findings


def test_a_partial_quotation_gets_its_own_words_only():
    text = "Der Präsident nannte den neuen Vertrag am Montag in Bern «eine Schande für das ganze Land»."
    asked = text.replace("«", '"').replace("»", '"')
    _, translation, _ = last(
        text, ["On Monday in Bern the president called the new treaty a disgrace for the whole country."], asked=asked
    )
    assert "“a disgrace for the whole country.”" in translation.target


@pytest.mark.parametrize(
    ("english", "why"),
    [
        ("He is building a new school this year, said Eva Kern in Bern.", "the person changed"),
        ("Eva Kern has received a letter from the tax office in Bern.", "other words"),
    ],
)
def test_no_marks_are_set_where_the_english_is_no_rendering(english, why):
    answers = {ASKED: [english], "Wir bauen noch in diesem Jahr eine neue Schule.": ["He has it."]}
    _, translations, renderings = climbed(SAID, answers)
    assert FindingKind.QUOTE_LOST in [each.kind for each in translations[-1].findings], why
    assert translations[-1].origin is Origin.MODEL
    assert renderings[-1].status is Status.MISSING


def test_a_lost_negation_keeps_the_marks_away():
    text = "«Ich werde mein Amt als Präsident nicht aufgeben», sagte Peter Hansen am Montag."
    asked = text.replace("«", '"').replace("»", '"')
    answers = {asked: ["I will give up my office as president, said Peter Hansen on Monday."]}
    answers["Ich werde mein Amt als Präsident nicht aufgeben."] = ["I will give up my office as president."]
    _, (translation,), _ = climbed(text, answers)
    kinds = [each.kind for each in translation.findings]
    assert FindingKind.QUOTE_LOST in kinds
    assert FindingKind.NEGATION_LOST in kinds


def test_quotation_and_frame_are_translated_apart_where_alignment_fails():
    answers = {
        ASKED: ["Eva Kern spoke of a new school."],
        "Wir bauen noch in diesem Jahr eine neue Schule.": ["We are building a new school this year."],
        "sagte Eva Kern in Bern.": ["said Eva Kern in Bern."],
    }
    engine, translations, renderings = climbed(SAID, answers)
    assert translations[-1].target == "“We are building a new school this year,” said Eva Kern in Bern."
    assert translations[-1].origin is Origin.SPLIT
    assert renderings[-1].status is Status.REPAIRED
    assert len(engine.calls) == 2
    assert len(engine.calls[1]) == 2


def test_a_frame_in_front_goes_in_front():
    text = "Eva Kern sagte am Abend in Bern: «Wir bauen eine neue Schule.»"
    answers = {
        'Eva Kern sagte am Abend in Bern: "Wir bauen eine neue Schule."': ["Eva Kern spoke of schools."],
        "Wir bauen eine neue Schule.": ["We are building a new school."],
        "Eva Kern sagte am Abend in Bern:": ["Eva Kern said in Bern in the evening:"],
    }
    _, (translation,), _ = climbed(text, answers)
    assert translation.target == "Eva Kern said in Bern in the evening: “We are building a new school.”"


def test_invented_marks_are_taken_off_where_the_source_has_none():
    _, (translation,), _ = climbed("Der Rat tagt heute.", {"Der Rat tagt heute.": ['The "council" meets today.']})
    assert translation.target == "The council meets today."
    assert translation.origin is Origin.CHOOSE


@pytest.mark.parametrize(
    ("american", "expected"), [(True, 'He spoke of a "scandal."'), (False, 'He spoke of a "scandal".')]
)
def test_stops_stand_where_the_house_has_them(american, expected):
    assert mark("He spoke of a scandal.", [Span(14, 22)], ["Skandal"], american=american) == expected


def test_marks_glued_to_a_word_are_set_round_their_own_words():
    text = "Die Gewerkschaft rief am Montag zum„Boykott“ der Wahlen im ganzen Land auf."
    asked = 'Die Gewerkschaft rief am Montag zum "Boykott" der Wahlen im ganzen Land auf.'
    answer = "On Monday the union called for a boycott of the elections throughout the country."
    _, (translation,), _ = climbed(text, {asked: [answer]})
    assert "“boycott”" in translation.target


def test_a_quotation_behind_a_colon_begins_behind_the_colon():
    text = "Der Bürgermeister von Olten sagte am Abend: «Wir brauchen mehr Geld für die neuen Schulen.»"
    asked = text.replace("«", '"').replace("»", '"')
    _, translation, _ = last(
        text, ["The mayor of Olten said in the evening: We need more money for the new schools."], asked=asked
    )
    assert translation.target == "The mayor of Olten said in the evening: “We need more money for the new schools.”"


@pytest.mark.parametrize(
    ("text", "english", "quoted"),
    [
        (
            "Am Abend lief im Kino von Olten der Film «Silent River» an.",
            "In the cinema in Olten, Silent River opened.",
            "“Silent River”",
        ),
        (
            "Die «Dorf»-Chronik von Aarau nennt das Jahr 1712.",
            "The village chronicle of Aarau gives the year 1712.",
            "“village”",
        ),
        (
            "Er rief am Montag: «Wir kommen wieder», und ging.",
            "On Monday he shouted, 'We will come back,' and left.",
            "“We will come back,”",
        ),
        ("Kern meint, die Antwort sei «natürlich» bekannt.", "Kern says the answer is of course known.", "“of course”"),
    ],
    ids=[
        "words that came over as they were",
        "half of a word",
        "single marks of the engine",
        "a phrase that no mark cuts",
    ],
)
def test_marks_are_set_round_the_words_they_belong_to(text, english, quoted):
    asked = text.replace("«", '"').replace("»", '"')
    _, (translation,), _ = climbed(text, {asked: [english]})
    assert quoted in translation.target
    assert translation.target.count("“") == 1


@pytest.mark.parametrize(
    ("source", "quoted", "target"),
    [
        ("Das Wort war fiel oft.", "war", "The word war was used often."),
        ("Das Blatt «Echo» lobt ihn.", "Echo", "The paper Echo hears an Echo."),
        ("Das Echo nennt das Blatt Echo", "Echo", "The paper calls it Echo"),
        ("Er sagte fast nichts.", "fast", "He said it fast."),
    ],
    ids=[
        "a short word of both languages",
        "twice in the target",
        "twice in the source",
        "a word that only looks alike",
    ],
)
def test_words_that_are_the_same_by_accident_do_not_tell_where_marks_belong(source, quoted, target):
    start = source.rindex(quoted)
    assert verbatim(source, Span(start, start + len(quoted)), target, {"fast"}) is None


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("Ich baue hier eine neue Schule", "He is building a new school here"),
        ("Ich baue hier eine neue Schule", "We are building a new school here"),
        ("Wir bauen hier eine neue Schule", "I am building a new school here"),
        ("Er baut hier eine neue Schule", "I am building a new school here"),
        ("Ich habe nicht gelogen und werde nie zurücktreten", "I did not lie and will resign soon"),
        ("Niemand hat das Geld in der Kasse gezählt", "Somebody counted the money in the till"),
        ("Die Kinder brauchen Bücher, Lehrer, Tische und Lampen", "The children want a big red bus"),
    ],
    ids=[
        *("I became he", "I became we", "we became I", "he became I"),
        *("one of two negations lost", "nobody became somebody", "other words"),
    ],
)
def test_nothing_is_mended_where_the_english_is_no_rendering(said, english):
    asked = f'"{said}", sagte Eva Kern am Montag in Bern.'
    answers = {asked: [f"{english}, Eva Kern said in Bern on Monday."], f"{said}.": [f"{english}."]}
    _, (translation,), (rendering,) = climbed(f"«{said}», sagte Eva Kern am Montag in Bern.", answers)
    assert translation.origin is Origin.MODEL
    assert rendering.status is Status.MISSING
    assert FindingKind.QUOTE_LOST in [each.kind for each in translation.findings]


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("Ich baue hier eine neue Schule", "I am building a new school here"),
        ("Ich habe nicht gelogen und werde nie zurücktreten", "I did not lie and will never resign"),
        ("Wir bauen hier nicht nur eine Schule", "We are not only building a school here"),
        ("Uns fehlt hier keine Schule", "We do not lack a school here"),
        ("Er baut hier eine neue Schule", "He is building a new school here"),
    ],
)
def test_what_is_a_rendering_is_mended(said, english):
    asked = f'"{said}", sagte Eva Kern am Montag in Bern.'
    answers = {asked: [f"{english}, Eva Kern said in Bern on Monday."]}
    _, (translation,), _ = climbed(f"«{said}», sagte Eva Kern am Montag in Bern.", answers)
    assert translation.target == f"“{english},” Eva Kern said in Bern on Monday."


@pytest.mark.parametrize(
    "text", ["«Das ‹alte› Haus wird verkauft», sagte Eva Kern.", "„Das ‚alte‘ Haus wird verkauft“, sagte Eva Kern."]
)
@pytest.mark.parametrize(
    ("english", "origin"),
    [
        ("\"The 'old' house will be sold,\" Eva Kern said.", Origin.MODEL),
        ('"The "old" house will be sold," Eva Kern said.', Origin.MODEL),
        ('"The old house will be sold," Eva Kern said.', Origin.ALIGN),
        ("The old house will be sold, Eva Kern said.", Origin.ALIGN),
    ],
    ids=["kept", "written like the outer ones", "lost inside", "lost both"],
)
def test_quotations_inside_quotations_are_kept(text, english, origin):
    asked = text.translate({ord(mark): '"' for mark in "«»„“"})
    _, (translation,), (rendering, *_) = climbed(text, {asked: [english]})
    assert translation.target == "“The ‘old’ house will be sold,” Eva Kern said."
    assert translation.origin is origin
    assert rendering.status is not Status.MISSING
    assert not translation.findings


def test_inner_marks_are_not_set_round_words_that_are_no_rendering():
    text = "«Das ‹nicht gute› Haus wird verkauft», sagte Eva Kern."
    asked = text.replace("«", '"').replace("»", '"')
    _, (translation,), _ = climbed(text, {asked: ['"The good house will be sold," Eva Kern said.']})
    assert translation.target == "“The good house will be sold,” Eva Kern said."
    assert FindingKind.QUOTE_LOST in [each.kind for each in translation.findings]
