"""Every family of translation checkpoints: the same tokens and answers from both runners and from transformers."""

import json
import shutil
from functools import cache
from pathlib import Path

import pytest

import checkpoints
from newsbridge import pipeline, reading, store
from newsbridge.engines import Request
from newsbridge.engines.ct2 import CTranslate2
from newsbridge.engines.families import Checkpoint, Prepared, families, recognise, shorter
from newsbridge.engines.native import Transformers
from newsbridge.engines.runners import Search
from newsbridge.engines.seq2seq import open_model
from newsbridge.errors import EngineError
from newsbridge.fidelity.sides import sides
from newsbridge.models.convert import convert

TEXTS = (
    "Die Ministerin sagte am Montag, die Lage sei ernst.",
    "Der Zug kam mit zwei Stunden Verspätung an.",
    "«Wir bauen heute», sagte der Präsident.",
    "Am 3. Mai entscheidet das Gericht.",
    "Es regnet.",
)
SAMPLE = Path(__file__).parent.parent / "samples" / "wire-report.txt"
MARGIN = 1e-3  # between the best two logits; below it either may come first
NAMES = tuple(checkpoints.TRANSLATION)


@pytest.fixture(scope="module")
def pulled(checkpoint, tmp_path_factory):
    """Return a function that gives a family's checkpoint as it lies in the store, converted in float32."""
    folder = tmp_path_factory.mktemp("store")

    @cache
    def make(name: str) -> store.Model:
        path = folder / name
        shutil.copytree(checkpoint(name), path / store.CHECKPOINT)
        convert(path / store.CHECKPOINT, path / store.CONVERTED, "float32")
        return store.Model(name, name, "", "0" * 40, "", ("de", "en"), 0, "", path)

    return make


def requests(texts=TEXTS, n_best=1):
    return [Request(text, "de", "en", n_best) for text in texts]


@cache
def native(folder: Path):
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    return model, AutoTokenizer.from_pretrained(folder)


def spoken(tokenizer, name, text):
    """Encode a text as transformers' own documentation of the family says; return ids and the decoder's first id."""
    source, target = {"m2m100": ("de", "en"), "nllb": ("deu_Latn", "eng_Latn"), "mbart50": ("de_DE", "en_XX")}.get(
        name, (None, None)
    )
    if source:
        tokenizer.src_lang = source
    before = {"marian-multi": ">>eng<< ", "t5": "translate German to English: ", "madlad": "<2en> "}.get(name, "")
    ids = tokenizer(before + text).input_ids
    if name == "m2m100":
        return ids, tokenizer.get_lang_id(target)
    return ids, tokenizer.convert_tokens_to_ids(target) if target else None


@pytest.mark.parametrize("name", NAMES)
def test_the_tokens_are_those_of_transformers(checkpoint, name):
    found = Checkpoint(checkpoint(name), name)
    _, tokenizer = native(checkpoint(name))
    for text in TEXTS:
        text = found.normalise(text)
        prepared = found.prepare(text, "de", "en")
        ids, first = spoken(tokenizer, name, text)
        assert tokenizer.convert_tokens_to_ids(list(prepared.source)) == ids
        assert tokenizer.convert_tokens_to_ids(list(prepared.prefix)) == ([] if first is None else [first])


def margins(folder, source, prefix, target):
    """Return how far the best logit is from the second at each step of an answer, with what is unsaid left out."""
    import torch

    model, tokenizer = native(folder)
    ids = tokenizer.convert_tokens_to_ids
    start = [model.config.decoder_start_token_id, *ids(list(prefix))]
    given = torch.tensor([[*start, *ids(list(target))]])
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids(list(source))]), decoder_input_ids=given).logits[0, len(start) - 1 :]
    for token in ("<pad>", "<unk>"):
        logits[:, ids(token)] = -1e9
    best = logits.topk(2).values
    return (best[:, 0] - best[:, 1]).tolist()


@pytest.mark.parametrize("name", NAMES)
def test_both_runners_say_the_same_token_for_token(pulled, name):
    model = pulled(name)
    ours = open_model(model, beam=1, threads=1).translate(requests())
    theirs = open_model(model, beam=1, threads=1, runner_="transformers").translate(requests())
    clear = 0
    for text, (one,), (other,) in zip(TEXTS, ours, theirs, strict=True):
        prepared = Checkpoint(model.path / store.CHECKPOINT, name).prepare("", "de", "en")
        if (
            min(margins(model.path / store.CHECKPOINT, one.source_tokens, prepared.prefix, other.target_tokens))
            > MARGIN
        ):
            assert one.target_tokens == other.target_tokens, text
            assert one.text == other.text
            clear += 1
    assert clear >= 3, "too many of the sentences are decided by less than the margin"


def test_both_runners_say_the_same_with_a_beam(tmp_path):
    """Greedy search would not tell: a beam must also end where the other's ends."""
    place = store.find("embedded").path
    convert(place, tmp_path / "ct2", "float32")
    article, ledger = pipeline.read_quotes(reading.read_file(SAMPLE))
    tokenizer = Checkpoint(place).tokenizer
    batch = [Prepared((*tokenizer.encode(side.request), "</s>"), ()) for side in sides(article, ledger)]
    ours = CTranslate2(tmp_path / "ct2", device="cpu", threads=1, pad=False).decode(batch, Search(beam=4), 512)
    theirs = Transformers(place, device="cpu").decode(batch, Search(beam=4), 512)
    same = sum(one[0].tokens == other[0].tokens for one, other in zip(ours, theirs, strict=True))
    assert len(batch) > 15
    assert same >= 0.98 * len(batch)


@pytest.mark.parametrize("name", ["marian", "nllb"])
def test_both_runners_give_as_many_hypotheses_as_are_wanted_best_first(pulled, name):
    for runner in ("ctranslate2", "transformers"):
        engine = open_model(pulled(name), beam=4, threads=1, runner_=runner)
        for hypotheses in engine.translate(requests(n_best=3)):
            assert len(hypotheses) == 3
            assert [each.score for each in hypotheses] == sorted((each.score for each in hypotheses), reverse=True)


def test_company_does_not_change_an_answer(pulled):
    engine = open_model(pulled("m2m100"), beam=2, threads=1, batch_tokens=64)
    together = engine.translate(requests())
    assert [engine.translate([each])[0][0].text for each in requests()] == [each[0].text for each in together]


@pytest.mark.parametrize("runner", ["ctranslate2", "transformers"])
def test_a_long_text_is_divided_at_its_pauses_and_joined(pulled, runner):
    engine = open_model(pulled("mt5"), beam=1, threads=1, runner_=runner)
    engine.checkpoint.config = {**engine.checkpoint.config, "max_position_embeddings": 40}
    long = " ".join(TEXTS)
    (whole,) = engine.translate(requests([long]))
    parts = [each[0] for each in engine.translate(requests(TEXTS))]
    ends = [i for i, token in enumerate(whole[0].source_tokens) if token == "</s>"]
    assert len(ends) > 1
    assert max(b - a for a, b in zip([-1, *ends], ends, strict=False)) <= 40
    words = engine.checkpoint.tokenizer.decode([each for each in whole[0].source_tokens if each != "</s>"])
    assert words.split() == long.split()
    assert parts[0].text.split()[0] in whole[0].text


def test_an_answer_that_was_stopped_says_so(pulled):
    engine = open_model(pulled("mt5"), beam=1, threads=1)
    answers = engine.translate(requests())
    longest = 2 * 64 + 20
    for (answer,) in answers:
        assert answer.complete == (len(answer.target_tokens) < min(longest, 2 * 16 + 20) or answer.complete)
    assert not all(answer.complete for (answer,) in answers)


@pytest.mark.parametrize("runner", ["ctranslate2", "transformers"])
def test_nothing_is_answered_with_nothing(pulled, runner):
    engine = open_model(pulled("marian"), beam=1, threads=1, runner_=runner)
    assert [each[0].text for each in engine.translate(requests(["", "  "]))] == ["", ""]
    assert engine.translate([]) == []


@pytest.mark.parametrize(
    ("name", "source", "target"),
    [
        ("nllb", "tlh", "en"),
        ("nllb", "de", "tlh"),
        ("m2m100", "", "en"),
        ("mbart50", "de", "la"),
        ("marian", "fr", "en"),
        ("marian", "de", "fr"),
        ("marian-multi", "de", "it"),
        ("marian-multi", "ja", "en"),
        ("madlad", "de", "it"),
        ("t5", "de", "ja"),
    ],
)
def test_a_language_a_checkpoint_does_not_know_is_an_error(checkpoint, name, source, target):
    with pytest.raises(EngineError, match="does not know") as error:
        Checkpoint(checkpoint(name), name).prepare("Es regnet.", source, target)
    assert error.value.hint


@pytest.mark.parametrize(
    ("name", "tag", "expected"),
    [
        ("nllb", "de-CH", "deu_Latn"),
        ("nllb", "zh-Hant", "zho_Hant"),
        ("nllb", "zh-hant-tw", "zho_Hant"),
        ("m2m100", "fil", "tl"),
        ("mbart50", "en-GB", "en_XX"),
        ("marian", "de-AT", "de-AT"),
        ("marian-multi", "fr-CH", "fra"),
        ("madlad", "de", "de"),
    ],
)
def test_bcp_47_tags_are_mapped_to_what_the_family_says(checkpoint, name, tag, expected):
    role = "source" if name == "marian" else "target"
    assert Checkpoint(checkpoint(name), name).code(tag, role) == expected


def test_every_code_of_a_table_is_one_of_the_tokenizers(checkpoint):
    for name in ("nllb", "m2m100", "mbart50"):
        found = Checkpoint(checkpoint(name), name)
        _, tokenizer = native(checkpoint(name))
        ids = {
            tokenizer.convert_tokens_to_ids(f"__{each}__" if name == "m2m100" else each)
            for each in found.family.codes.values()
        }
        assert tokenizer.unk_token_id not in ids
        assert len(ids) == len(set(found.family.codes.values()))


def test_opus_mt_names_say_their_languages(checkpoint, tmp_path):
    shutil.copytree(checkpoint("marian"), tmp_path / "x")
    config = json.loads((tmp_path / "x" / "tokenizer_config.json").read_text())
    (tmp_path / "x" / "tokenizer_config.json").write_text(
        json.dumps({k: v for k, v in config.items() if not k.endswith("_lang")})
    )
    for name, known in (
        ("Helsinki-NLP/opus-mt-de-en", True),
        ("Helsinki-NLP/opus-mt-tc-big-gmw-gmw", True),
        ("Helsinki-NLP/opus-mt-fr-en", False),
        ("someone/model", False),
    ):
        found = Checkpoint(tmp_path / "x", name)
        assert (found._code("de", "source") is not None) == known, name


def test_what_newsbridge_cannot_run_is_named():
    with pytest.raises(EngineError, match="'llama'") as error:
        recognise({"model_type": "llama"}, {})
    assert "NLLB-200" in error.value.hint


def test_a_model_for_summaries_does_not_translate(pulled, checkpoint, tmp_path):
    model = store.Model("b", "b", "", "0" * 40, "", ("en",), 0, "", tmp_path, tasks=("summary",))
    with pytest.raises(EngineError, match="does not translate"):
        open_model(model)


def test_an_unknown_runner_device_and_dtype_are_named(pulled):
    model = pulled("marian")
    for settings, said in (
        ({"runner_": "onnx"}, "onnx"),
        ({"device": "tpu"}, "tpu"),
        ({"device": "mps"}, "mps"),
        ({"dtype": "int3"}, "int3"),
        ({"runner_": "transformers", "dtype": "int8"}, "int8"),
        ({"runner_": "transformers", "device": "cuda:x"}, "cuda:x"),
    ):
        with pytest.raises(EngineError, match=said):
            open_model(model, **settings)


def test_tags_fall_back_part_by_part():
    assert shorter("ZH_hant_tw") == ["zh-Hant-TW", "zh-Hant", "zh"]
    assert all(families()[name].title for name in families())
