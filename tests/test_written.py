"""Summaries that models write: what is taken, what is written again, and what is never shown."""

import json
import pickle
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import jsonschema
import pytest
from click.testing import CliRunner

from newsbridge import pipeline, reading, store
from newsbridge.cli import newsbridge
from newsbridge.engines import Hypothesis, registry
from newsbridge.engines.echo import Echo
from newsbridge.errors import EngineError
from newsbridge.record import document
from newsbridge.record.revision import refreshed
from newsbridge.summary import Summarizer
from newsbridge.summary.registry import summarizer
from newsbridge.summary.scribes import Checkpoint
from newsbridge.summary.style import Style
from newsbridge.summary.written import Draft, Order, Written, sentences
from test_chat import Asked, Server, serving

PAIRS = {
    "Der Kanton Zug baut ein neues Spital.": "The canton of Zug is building a new hospital.",
    '"Wir beginnen im Mai", sagte Regierungsrätin Eva Kern.': '"We start in May," said councillor Eva Kern.',
    "Es kostet 12,5 Millionen Franken.": "It costs 12.5 million francs.",
    "Die Gemeinde Baar ist nicht einverstanden.": "The municipality of Baar does not agree.",
    "Der Standort sei zu weit vom Bahnhof entfernt, sagte Gemeindepräsident Urs Moser.": "The site is too far from the "
    "station, said mayor Urs Moser.",
    "Der Boden soll verseucht gewesen sein.": "The ground is said to have been contaminated.",
}
ARTICLE = " ".join(PAIRS).replace('"Wir beginnen im Mai"', "«Wir beginnen im Mai»") + "\n"
GOOD = {
    "section": (
        Draft("The canton of Zug is building a new hospital for 12.5 million francs.", ("s1.p1.1", "s1.p1.3")),
    ),
    "brief": (
        Draft("The new hospital costs 12.5 million francs.", ("s1.p1.1", "s1.p1.3")),
        Draft("“We start in May,” said Eva Kern.", ("s1.p1.2",)),
    ),
    "headline": (Draft("Zug is building a new hospital", ("s1.p1.1",)),),
}


class Fixed(Echo):
    """An engine that knows these sentences."""

    def translate(self, requests):
        return [(Hypothesis(PAIRS.get(request.text, request.text), 0.0),) for request in requests]


@dataclass
class Pen:
    """A scribe that writes what it is told, and remembers what it was asked."""

    drafts: Callable[[Order], Sequence[Draft]] = lambda order: GOOD[order.kind]
    name: str = "pen"
    asked: list[Order] = field(default_factory=list)

    def write(self, orders):
        self.asked += orders
        return [tuple(self.drafts(order)) for order in orders]


def bridged(scribe, style=None):
    article, _ = reading.read_text(ARTICLE)
    return pipeline.bridge(article, Fixed(), Written(scribe, style))


def every(record):
    brief = record.summary.brief
    return [
        *(each for section in record.summary.sections for each in section.sentences),
        *brief.points,
        *([brief.headline] if brief.headline else []),
    ]


def test_what_is_sound_is_taken_with_its_evidence_and_its_writer():
    pen = Pen()
    record = bridged(pen)
    assert isinstance(Written(pen), Summarizer)
    assert [each.engine for each in every(record)] == ["pen"] * 4
    assert record.summary.brief.points[1].attribution == "q1"
    assert record.summary.brief.headline.text == "Zug is building a new hospital"
    assert len(pen.asked) == 3
    assert not any(each.reason for each in every(record))


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (Draft("The new hospital costs 99 million francs.", ("s1.p1.3",)), "the figure 99"),
        (Draft("“This is a scandal,” said Eva Kern.", ("s1.p1.2",)), "does not stand in quotation marks"),
        (Draft("“We start in May,” said Paul Falsch.", ("s1.p1.2",)), "the name Paul"),
        (Draft("The work starts in May.", ("s1.p1.2",)), "does not say whose"),
        (Draft("The site is too far from the station.", ("s1.p1.5",)), "does not say whose"),
        (Draft("The ground was contaminated.", ("s1.p1.6",)), "hearsay"),
        (Draft("The new hospital costs 12.5 million francs.", ("s9.p9.9",)), "not among the segments"),
        (Draft("", ("s1.p1.1",)), "empty"),
        (
            Draft("Aliens arrive tomorrow with gigantic purple balloons, a new hospital.", ("s1.p1.1",)),
            "none of the cited",
        ),
        (Draft("A new hospital " + "is a new hospital " * 20, ("s1.p1.1",)), "words, more than"),
    ],
)
def test_what_is_not_sound_is_written_once_more_and_then_not_taken(draft, said):
    pen = Pen(lambda order: [draft])
    record = bridged(pen)
    assert [len(order.faults) > 0 for order in pen.asked] == [False] * 3 + [True] * 3
    assert said in pen.asked[-1].faults[0]
    for each in every(record):
        assert each.engine == "extractive"
        assert each.reason.startswith("pen: ")
        assert each.text != draft.text or not draft.text
    assert said in record.summary.brief.points[0].reason


def test_what_is_written_better_the_second_time_is_taken():
    bad = Draft("The new hospital costs 99 million francs.", ("s1.p1.3",))
    record = bridged(Pen(lambda order: GOOD[order.kind] if order.faults else [bad]))
    assert {each.engine for each in every(record)} == {"pen"}


def test_a_scribe_that_gives_no_segments_gets_those_that_have_its_words():
    record = bridged(Pen(lambda order: [Draft(each.text) for each in GOOD[order.kind]]))
    points = record.summary.brief.points
    assert points[0].segments == ("s1.p1.3",)
    assert points[1].segments == ("s1.p1.2",)


def test_a_scribe_that_fails_leaves_the_extractive_summary_and_the_reason():
    class Broken(Pen):
        def write(self, orders):
            raise EngineError("the pen is dry", "buy ink")

    record = bridged(Broken())
    assert {each.reason for each in every(record)} == {"pen: the pen is dry"}


def test_the_record_keeps_the_reason_and_is_valid():
    record = bridged(Pen(lambda order: []))
    text = document.dumps(record)
    jsonschema.validate(json.loads(text), document.schema())
    again = document.loads(text)
    assert every(again)[0].reason == "pen: there was no answer that could be read"
    assert document.dumps(refreshed(again)) == text


def test_a_written_sentence_goes_when_its_evidence_is_edited_away():
    record = bridged(Pen())
    edited = replace(
        record,
        translations=tuple(
            replace(each, target="It costs 7 million francs.") if "12.5" in each.target else each
            for each in record.translations
        ),
    )
    assert "12.5" not in " ".join(each.text for each in every(refreshed(edited)))


def test_sentences_with_an_error_are_not_shown_to_a_scribe():
    class Lossy(Fixed):
        def translate(self, requests):
            return [(replace(each[0], text=each[0].text.replace('"', "")),) for each in super().translate(requests)]

    article, _ = reading.read_text(ARTICLE)
    pen = Pen()
    pipeline.bridge(article, Lossy(), Written(pen))
    assert all("May" not in line.text for order in pen.asked for line in order.lines)


@pytest.mark.parametrize(
    ("style", "length", "points"),
    [(Style(), 2, 3), (Style("wire"), 1, 3), (Style(length=3), 3, 3), (Style(points=1), 2, 1), (Style(points=6), 2, 6)],
)
def test_an_editor_says_how_much(style, length, points):
    pen = Pen()
    bridged(pen, style)
    asked = {order.kind: order.sentences for order in pen.asked}
    assert (asked["section"], asked["brief"]) == (length, points)
    plain = summarizer("extractive", style=style)
    article, _ = reading.read_text(ARTICLE)
    record = pipeline.bridge(article, Fixed(), plain)
    assert len(record.summary.brief.points) <= points
    assert all(len(each.sentences) <= max(2, length) for each in record.summary.sections)


def test_text_of_a_model_is_divided_into_sentences():
    assert sentences("J. Moser came. Dr. Kern left! “Why?” he asked. End") == [
        "J. Moser came.",
        "Dr. Kern left!",
        "“Why?” he asked.",
        "End",
    ]


# ------------------------------------------------------------------------------------------ chat, seq2seq


def answer(asked: Asked, change=lambda text: text):
    kind = "headline" if "headline" in asked.prompt else "brief" if "the brief" in asked.prompt else "section"
    items = [{"text": change(each.text), "segments": list(each.segments)} for each in GOOD[kind]]
    return json.dumps({"sentences": items})


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr("openai._base_client.BaseClient._calculate_retry_timeout", lambda *_, **__: 0.01)
    with serving(Server(lambda asked, n: answer(asked))) as running:
        yield running


def chat(server):
    article, _ = reading.read_text(ARTICLE)
    return pipeline.bridge(article, Fixed(), summarizer("chat:test", base_url=server.url))


def test_a_chat_model_writes_with_our_prompts(server):
    record = chat(server)
    assert {each.engine for each in every(record)} == {"chat:test"}
    assert set(record.provenance.settings["summary"]["prompts"]) == {"summarise", "brief", "headline"}
    assert any(each.get("speaker") == "Eva Kern" for each in server.asked[0].segments)


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        (lambda text: text.replace("12.5", "99"), "99"),
        (lambda text: text.replace("Eva Kern", "Paul Falsch"), "Falsch"),
        (lambda text: text + " “It is a scandal,” said Kern.", "scandal"),
    ],
)
def test_nothing_a_chat_model_makes_up_reaches_the_brief(server, change, bad):
    server.answer = lambda asked, n: answer(asked, change)
    record = chat(server)
    assert bad not in " ".join(each.text for each in every(record))
    assert {each.engine for each in every(record)} <= {"extractive", "chat:test"}
    assert all(each.reason for each in every(record) if each.engine == "extractive")
    assert any("could not be used" in asked.prompt for asked in server.asked)


@pytest.mark.parametrize("said", ["", "Sorry!", '{"sentences": [{"text": "No', '{"sentences": [{"text": 3}]}', 500])
def test_an_answer_that_cannot_be_read_is_no_summary(server, said):
    server.answer = lambda asked, n: said
    record = chat(server)
    assert {each.engine for each in every(record)} == {"extractive"}
    assert all(each.reason for each in every(record))


@pytest.mark.parametrize("name", ["bart", "pegasus", "t5", "mbart50"])
def test_a_pulled_model_of_nonsense_is_asked_and_not_believed(checkpoint, tmp_path, monkeypatch, name):
    from newsbridge.models.pull import Wishes, pull

    monkeypatch.setenv("NEWSBRIDGE_DATA", str(tmp_path))
    shutil.copytree(checkpoint(name), tmp_path / "writer")
    model = pull(str(tmp_path / "writer"), Wishes("float32", test=False))
    assert "summary" in model.tasks
    writer = summarizer("writer", beam=2, device="cpu", threads=1)
    again = pickle.loads(pickle.dumps(writer))  # as worker processes get it
    article, _ = reading.read_text(ARTICLE)
    for each in (writer, again):
        record = pipeline.bridge(article, Fixed(), each)
        assert {one.engine for one in every(record)} == {"extractive"}
        assert all(one.reason.startswith("writer: ") for one in every(record))
        assert record.provenance.settings["summary"]["revision"] == model.revision


def test_an_unknown_summariser_is_answered_with_those_there_are():
    with pytest.raises(EngineError, match="no summarizer 'nobody/nothing'") as error:
        summarizer("nobody/nothing")
    assert "extractive" in error.value.hint


def test_a_model_that_translates_writes_no_summaries(checkpoint, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "find", lambda name: store.Model(name, "", "", "", "", (), 0, "", tmp_path))
    with pytest.raises(EngineError, match="writes no summaries"):
        Checkpoint("x")
    assert registry.names()


def test_the_command_line_lets_a_model_write_and_says_how_much(server, tmp_path):
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    arguments = ["translate", str(tmp_path / "a.txt"), "--model", "echo", "--format", "json", "--from", "de"]
    arguments += ["--summarizer", "chat:test", "--base-url", server.url, "--style", "wire", "--points", "2"]
    done = CliRunner().invoke(newsbridge, arguments)
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)["provenance"]
    assert told["summarizer"] == "chat:test"
    assert (told["settings"]["summary"]["style"], told["settings"]["summary"]["points"]) == ("wire", 2)
    assert server.asked
