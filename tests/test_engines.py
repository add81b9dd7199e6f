"""Engines: what the embedded model answers, and how engines are found."""

import json
import shutil
import threading
from importlib.metadata import EntryPoint

import pytest

from newsbridge import store
from newsbridge.engines import Hypothesis, Request, Translator, progress, registry
from newsbridge.errors import EngineError

SENTENCES = (
    "Die Ministerin sagte am Montag in Bern, die Lage sei ernst.",
    "«Wir bauen heute», sagte der Präsident.",
    "Der Zug kam mit zwei Stunden Verspätung an.",
    "Die Polizei sucht nach einem Mann.",
)


@pytest.fixture(scope="module")
def embedded():
    return registry.translator("embedded", beam=4, n_best=4, device="cpu", threads=1, batch_tokens=2048)


def request(text, n_best=1):
    return Request(text, "de", "en", n_best)


def test_the_embedded_engine_is_a_translator(embedded):
    assert isinstance(embedded, Translator)
    assert embedded.license == "CC-BY-4.0"


def test_answers_come_in_the_order_of_the_requests(embedded):
    expected = ("minister", "president", "train", "police")
    for hypotheses, word in zip(embedded.translate([request(text) for text in SENTENCES]), expected, strict=True):
        assert word in hypotheses[0].text.casefold()


def test_more_hypotheses_are_given_best_first(embedded):
    (hypotheses,) = embedded.translate([request(SENTENCES[1], 4)])
    assert len(hypotheses) == 4
    assert [each.score for each in hypotheses] == sorted((each.score for each in hypotheses), reverse=True)
    assert hypotheses[0].text.count('"') == 2


def test_company_does_not_change_an_answer(embedded):
    together = embedded.translate([request(text) for text in SENTENCES])
    alone = [embedded.translate([request(text)])[0] for text in SENTENCES]
    assert [each[0].text for each in together] == [each[0].text for each in alone]


def test_nothing_is_answered_with_nothing(embedded):
    assert [each[0].text for each in embedded.translate([request(""), request("  ")])] == ["", ""]
    assert embedded.translate([]) == []


def test_endless_and_strange_input_goes_through(embedded):
    (long,), (strange,) = embedded.translate([request("Wort " * 2000), request("Das ist 漢字 und 🙂 hier.")])
    assert long.text
    assert "\ufffd" not in strange.text


def test_other_languages_are_refused(embedded):
    with pytest.raises(EngineError, match="does not translate de into fr"):
        embedded.translate([Request("Guten Tag.", "de", "fr")])


def test_settings_that_change_the_answer_change_the_hash():
    one, two, three = (
        registry.translator("embedded", beam=beam, n_best=1, device="cpu", threads=threads, batch_tokens=512)
        for beam, threads in ((2, 1), (4, 1), (4, 2))
    )
    assert one.settings_hash != two.settings_hash == three.settings_hash


class Spy:
    """Stands in front of a decoder and keeps how it was asked."""

    def __init__(self, decoder):
        self._decoder, self.asked = decoder, []

    def __getattr__(self, name):
        return getattr(self._decoder, name)

    def translate_batch(self, sources, **options):
        self.asked.append(options)
        return self._decoder.translate_batch(sources, **options)


def test_the_embedded_engine_searches_as_its_checkpoint_says(embedded, monkeypatch):
    said = json.loads((store.find("embedded").path / "generation_config.json").read_text(encoding="utf-8"))
    assert embedded.settings["length_penalty"] == said["length_penalty"] > 1
    spy = Spy(embedded._decoder)
    monkeypatch.setattr(embedded, "_decoder", spy)
    embedded.translate([Request("Der Rat tagt.", "de", "en")])
    assert [each["length_penalty"] for each in spy.asked] == [said["length_penalty"]]


def test_the_checkpoint_loads_in_transformers_and_says_much_the_same(embedded):
    import sacrebleu
    from transformers import MarianMTModel, MarianTokenizer

    folder = store.find("embedded").path
    tokenizer, model = MarianTokenizer.from_pretrained(folder), MarianMTModel.from_pretrained(folder).float()
    texts = [text.translate(str.maketrans("«»", '""')) for text in SENTENCES]
    batch = tokenizer(texts, return_tensors="pt", padding=True)
    theirs = tokenizer.batch_decode(model.generate(**batch, num_beams=4, max_length=60), skip_special_tokens=True)
    ours = [each[0].text for each in embedded.translate([request(text) for text in texts])]
    assert sacrebleu.corpus_chrf(ours, [theirs]).score > 70


def test_an_unknown_engine_is_answered_with_those_there_are():
    with pytest.raises(EngineError) as error:
        registry.translator("embeded")
    assert "did you mean embedded?" in error.value.hint


def test_a_broken_engine_of_somebody_else_is_named(monkeypatch):
    broken = EntryPoint("broken", "newsbridge_no_such_module:build", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [broken])
    with pytest.raises(EngineError, match="newsbridge_no_such_module"):
        registry.translator("broken")


def test_a_missing_weight_file_is_found_before_it_is_loaded(tmp_path):
    shutil.copytree(store.shipped() / "de-en", tmp_path / "de-en")
    (tmp_path / "de-en" / "source.spm").unlink()
    with pytest.raises(EngineError, match=r"source\.spm is missing"):
        store.models(tmp_path)


def test_a_damaged_manifest_is_named(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / store.MANIFEST).write_text(json.dumps({"name": "x"}))
    with pytest.raises(EngineError, match="cannot be read"):
        store.models(tmp_path)


def test_models_know_their_licence_and_size():
    (model,) = store.models()
    assert model.document()["languages"] == ["de", "en"]
    assert model.size > 30_000_000


def test_echo_gives_the_source_again():
    (hypotheses,) = registry.translator("echo").translate([request("«Ja», sagte sie.")])
    assert hypotheses[0].text == '"Ja", sagte sie.'


class Portioned:
    """An engine that notes how many calls it has at a time; with two at once a call waits for the other."""

    name, revision, settings_hash = "portioned", "1", ""

    def __init__(self, at_once):
        self.at_once = at_once
        self.inside, self.most = 0, 0
        self.together = threading.Barrier(at_once)
        self.lock = threading.Lock()

    def translate(self, requests):
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.together.wait(10)
        with self.lock:
            self.inside -= 1
        if any("Fehler" in each.text for each in requests):
            raise EngineError("broken", "mend it")
        return [(Hypothesis(each.text.upper(), 0.0),) for each in requests]


@pytest.mark.parametrize("at_once", [1, 2])
def test_portions_are_asked_as_many_at_once_as_the_engine_likes(at_once, monkeypatch):
    monkeypatch.setattr(progress, "PORTION", 3)
    engine, ticks = Portioned(at_once), []
    texts = [f"satz {'x' * (n % 5)}{n}" for n in range(12)]
    answers = progress.Ticking(engine, lambda *told: ticks.append(told)).translate([request(text) for text in texts])
    assert [each[0].text for each in answers] == [text.upper() for text in texts]
    assert engine.most == at_once
    assert ticks == [(3, 12), (6, 12), (9, 12), (12, 12)]


def test_a_portion_that_fails_is_the_failure_of_the_call(monkeypatch):
    monkeypatch.setattr(progress, "PORTION", 1)
    engine = progress.Ticking(Portioned(2), lambda done, total: None)
    with pytest.raises(EngineError, match="broken"):
        engine.translate([request("gut"), request("ein Fehler")])


def test_portions_at_once_change_no_answer(embedded, monkeypatch):
    monkeypatch.setattr(progress, "PORTION", 2)
    asked = [request(text, 4) for text in SENTENCES]
    beside = progress.Ticking(embedded, lambda done, total: None).translate(asked)
    monkeypatch.setattr(embedded, "at_once", 1)
    assert progress.Ticking(embedded, lambda done, total: None).translate(asked) == beside
