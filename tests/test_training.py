"""The recipe, end to end: a model of a minute, trained on the samples, translates them."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from newsbridge import pipeline, reading, store
from newsbridge.engines import Request, registry
from newsbridge.engines.normal import normalise
from training import TrainingError, card, network, recipe, state, stream, translate
from training.__main__ import steps
from training.evaluate import Decoder, evaluate, score
from training.network import SMOOTHING
from training.train import Settings, Trainer, train
from training.vocabulary import END, PAD, processor

SAMPLES = Path(__file__).parent.parent / "samples"
OURS = ("wire-report.txt", "feature.md", "interview.txt")  # CC0
UPDATES = 250


def run(*arguments):
    result = CliRunner().invoke(steps, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("training")


@pytest.fixture(scope="module")
def pairs(folder):
    """Sentences of the samples with the English of the model that ships: its pupil learns from it."""
    articles = [reading.read_text((SAMPLES / name).read_text(encoding="utf-8"))[0] for name in OURS]
    german = [
        article.words(segment.span)
        for article in map(pipeline.read_sections, articles)
        for segment in article.segments()
    ]
    german = sorted((text for text in german if len(text.split()) > 4), key=len)[:12]
    english = registry.translator("embedded", beam=1, n_best=1, device="cpu", threads=1, batch_tokens=512).translate(
        [Request(text, "de", "en") for text in german]
    )
    path = folder / "samples.tsv"
    rows = [f"{text}\t{hypotheses[0].text}" for text, hypotheses in zip(german, english, strict=True)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "corpus.tsv").write_text("".join(f"own\t{row}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def data(folder, pairs):
    run("prepare", folder / "corpus.tsv", "-o", folder / "data")
    run("vocabulary", folder / "data", "--pieces", 400)
    return folder / "data"


@pytest.fixture(scope="module")
def hurried(folder):
    """The recipe with the short warm-up of a minute's training."""
    path = folder / "recipe.toml"
    path.write_text(recipe.RECIPE.read_text(encoding="utf-8").replace("warmup = 150", "warmup = 30"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def trained(folder, data, pairs, hurried):
    said = run(
        *("train", data, folder / "run", "--recipe", hurried, "--phase", "news", "--size", "minute", "--rate", 8e-3),
        *("--tokens", 300, "--updates", UPDATES, "--report", 50, "--threads", 1, "--dev", pairs),
    )
    return folder / "run", said


@pytest.fixture(scope="module")
def model(folder, data, trained):
    run("export", trained[0], data, folder / "model", "--as-version", "0")
    return folder / "model"


def losses(said):
    return [float(line.split("loss ")[1].split()[0]) for line in said.splitlines() if "rate" in line]


def test_it_learns(trained):
    found = losses(trained[1])
    assert len(found) == UPDATES // 50
    assert found[-1] < 0.5 * found[0]


def test_what_was_learnt_is_translated(model, pairs):
    score = evaluate(model, pairs, threads=1)
    assert score.chrf > 50
    assert score.bleu_signature.startswith("nrefs:1|case:mixed")
    assert any("BLEU" in line and "tok:13a" in line for line in score.lines())


def test_figures_are_counted_digit_for_digit_and_as_the_check_reads_them():
    source = ["Der Notruf ging um 13 Uhr ein.", "Der Zug fuhr 300 Meter weit.", "Im Jahr 1968 begann alles."]
    target = ["The call came in at 1pm.", "The train went on for a while.", "It all began in 1968."]
    found = score(
        source, target, [["The call came in at 13:00.", "The train went 300 metres.", "It began in 1968."]], 1.0
    )
    assert found.figures == (1, 3)  # "1pm" has other digits than "13 Uhr"
    assert found.equal == (2, 3)
    assert found.humans == ((2, 3),)  # human translations write "13:00" for "13 Uhr"
    assert "  ".join(found.lines()).count("; in the references ") == 2


def test_transformers_says_what_ctranslate2_says(model, pairs):
    from sacrebleu import corpus_chrf
    from transformers import MarianMTModel, MarianTokenizer

    texts = [normalise(line.split("\t")[0]) for line in pairs.read_text(encoding="utf-8").splitlines()[:4]]
    tokenizer, network = MarianTokenizer.from_pretrained(model), MarianMTModel.from_pretrained(model).float()
    written = network.generate(**tokenizer(texts, return_tensors="pt", padding=True), max_length=60)
    theirs = tokenizer.batch_decode(written, skip_special_tokens=True)
    assert corpus_chrf(Decoder(model, threads=1).translate(texts), [theirs]).score > 70


def test_the_exported_weights_are_those_that_were_learnt(model, trained, pairs):
    from transformers import MarianMTModel, MarianTokenizer

    tokenizer, network = MarianTokenizer.from_pretrained(model), MarianMTModel.from_pretrained(model).float().eval()
    total, count = 0.0, 0
    for line in pairs.read_text(encoding="utf-8").splitlines():
        source, target = map(normalise, line.split("\t"))
        labels = tokenizer(text_target=[target], return_tensors="pt").input_ids
        logits = network(**tokenizer([source], return_tensors="pt"), labels=labels).logits[0]
        loss = torch.nn.functional.cross_entropy(logits, labels[0], label_smoothing=SMOOTHING, reduction="sum")
        total, count = total + loss.item(), count + labels.numel()
    said = float(trained[1].split("loss on samples.tsv ")[1])
    assert total / count == pytest.approx(said, abs=0.05)


def test_the_package_finds_the_folder_as_a_model(model):
    (found,) = store.models(model.parent)
    assert (found.version, found.languages) == ("0", ("de", "en"))
    assert "0 million parameters" in found.description


def test_the_papers_name_every_source(folder, data, trained, model, pairs):
    run("card", trained[0], data, model, "--as-version", "0", "--test", pairs, "--history", "A minute.")
    card, notice = ((model / name).read_text(encoding="utf-8") for name in ("README.md", "NOTICE"))
    assert "| samples | " in card
    assert "A minute." in card
    assert "| Sentences written for this project, training/data/ | CC0 |" in card
    assert "Sentences written for this project, training/data/  CC0" in notice
    assert "GPL" not in notice
    (found,) = store.models(model.parent)  # the manifest was made again, with the papers in it
    assert found.version == "0"


def test_a_source_nobody_declared_is_refused():
    with pytest.raises(TrainingError, match="source of hearsay"):
        card.sources(["news", "hearsay"])


def test_a_finished_phase_is_not_trained_again(data, trained, hurried, tmp_path):
    before = state.needed(trained[0])
    settings = Settings(phase="news", updates=UPDATES, tokens=300, threads=1)
    after = train(data, trained[0], recipe.load(hurried), settings, lambda line: None)
    assert after.progress.updates == before.progress.updates
    assert all(torch.equal(after.weights[name], weight) for name, weight in before.weights.items())


def test_an_interrupted_run_goes_on_where_it_was(data, hurried, tmp_path):
    settings = Settings(phase="news", size="minute", updates=6, tokens=300, threads=1)
    said = []

    def cut(name, *updates):
        for count in updates:  # six updates must be those of the same plan, in one go and in two
            result = train(data, tmp_path / name, recipe.load(hurried), replace(settings, updates=count), said.append)
        return result

    def constant(trainer):
        return 1e-3

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Trainer, "_rate", constant)
        whole, parts = cut("whole", 6), cut("parts", 2, 6)
    assert whole.progress.tokens == parts.progress.tokens
    assert (parts.progress.epoch, parts.progress.batch) == (whole.progress.epoch, whole.progress.batch)
    for name, weight in whole.weights.items():
        torch.testing.assert_close(parts.weights[name], weight, rtol=1e-4, atol=1e-5)


def test_weights_travel_in_pieces(trained, tmp_path):
    run("pack", trained[0], tmp_path / "pieces", "--limit", 2**-4)
    assert len(list((tmp_path / "pieces").glob("weights.*"))) > 1
    assert max(path.stat().st_size for path in (tmp_path / "pieces").iterdir()) <= 2**16
    run("unpack", tmp_path / "pieces", tmp_path / "run")
    there, here = state.needed(tmp_path / "run"), state.needed(trained[0])
    assert there.progress.updates == UPDATES
    for name, weight in here.average.items():
        torch.testing.assert_close(there.weights[name], weight, rtol=1e-2, atol=1e-3)


def test_a_changed_piece_is_noticed(trained, tmp_path):
    first = state.pack(trained[0], tmp_path / "pieces")[0]
    first.write_bytes(b"\0" + first.read_bytes()[1:])
    with pytest.raises(TrainingError, match="was changed"):
        state.unpack(tmp_path / "pieces", tmp_path / "run")


def test_snapshots_average_to_their_mean(trained, tmp_path):
    kept = state.needed(trained[0])
    paths = []
    for factor in (1.0, 3.0):
        progress = replace(kept.progress, updates=int(factor))
        scaled = {name: factor * weight for name, weight in kept.average.items()}
        paths.append(state.snapshot(tmp_path, replace(kept, average=scaled, progress=progress)))
    for name, weight in state.average(paths).items():
        torch.testing.assert_close(weight, 2 * kept.average[name], rtol=1e-2, atol=1e-2)


def test_a_run_goes_on_from_a_model_folder_alone(data, trained, model, tmp_path):
    run("adopt", model, tmp_path / "run")
    begun, kept = state.needed(tmp_path / "run"), state.needed(trained[0])
    assert begun.size == kept.size
    assert begun.weights.keys() == kept.average.keys()
    for name, weight in kept.average.items():
        rows = slice(None) if name != "model.shared.weight" else [row for row in range(len(weight)) if row != PAD]
        torch.testing.assert_close(begun.weights[name][rows], weight[rows], rtol=1e-2, atol=1e-3)
    settings = Settings(phase="news", updates=1)
    train(data, tmp_path / "run", recipe.load(), settings, lambda line: None)
    assert state.needed(tmp_path / "run").progress.updates == 1


def test_runs_are_averaged_into_one_model(data, trained, tmp_path):
    kept = state.needed(trained[0])
    state.save(tmp_path / "other", replace(kept, average={n: 3 * w for n, w in kept.average.items()}))
    run("export", trained[0], data, tmp_path / "model", "--as-version", "0", "--with", tmp_path / "other")
    run("adopt", tmp_path / "model", tmp_path / "run")
    for name, weight in state.needed(tmp_path / "run").weights.items():
        if name != "model.shared.weight":
            torch.testing.assert_close(weight, 2 * kept.average[name], rtol=1e-2, atol=1e-2)


def test_another_vocabulary_is_refused(data, trained, tmp_path):
    shutil.copytree(data, tmp_path / "data")
    run("vocabulary", tmp_path / "data", "--pieces", 390)
    settings = Settings(phase="news", updates=UPDATES + 1)
    with pytest.raises(TrainingError, match="not of this vocabulary of 390 pieces"):
        train(tmp_path / "data", trained[0], recipe.load(), settings, lambda line: None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["translate", "nowhere", "here", "--as", "forward"], "does not exist"),
        (["train", "here", "run", "--phase", "news", "--updates", "1", "--then", "news"], "the phase news has no end"),
        (["train", "here", "run", "--phase", "news"], "the phase has no end"),
        (["train", "here", "run", "--phase", "sport", "--updates", "1"], "it has general, news"),
        (["train", "here", "run", "--phase", "news", "--updates", "1"], "no pairs in here"),
        (["vocabulary", "here"], "run python -m training prepare"),
        (["export", "here", "here", "out", "--as-version", "0"], "train first"),
        (["evaluate", "here", "odd.tsv"], "no model in here"),
        (["prepare", "odd.tsv", "-o", "out"], "odd.tsv, line 1: 1 columns"),
    ],
)
def test_what_is_missing_is_said(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("here").mkdir()
    Path("odd.tsv").write_text("one column\n", encoding="utf-8")
    result = CliRunner().invoke(steps, arguments)
    assert result.exit_code in (1, 2)
    assert message in result.output.replace("\n", " ")


def test_a_second_phase_follows_the_first(data, hurried, tmp_path):
    settings = Settings(
        phase="general", size="minute", updates=2, then="news", then_minutes=0.001, tokens=300, threads=1
    )
    said = []
    after = train(data, tmp_path / "run", recipe.load(hurried), settings, said.append)
    assert after.progress.phase == "news"
    assert after.progress.updates == 2 + after.progress.phase_updates > 2
    again = train(data, tmp_path / "run", recipe.load(hurried), settings, said.append)
    assert again.progress.updates == after.progress.updates  # both are done


@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")
def test_compiled_layers_learn_the_same(data, hurried, tmp_path, monkeypatch):
    monkeypatch.setattr(
        network, "COMPILER", "aot_eager"
    )  # the graphs and shapes of the real one, without its machine code
    settings = Settings(phase="news", size="minute", updates=3, tokens=300, threads=1)
    plain, compiled = (
        train(data, tmp_path / str(on), recipe.load(hurried), replace(settings, compiled=on), lambda line: None)
        for on in (False, True)
    )
    torch.compiler.reset()
    for name, weight in plain.weights.items():
        torch.testing.assert_close(compiled.weights[name], weight, rtol=1e-3, atol=1e-4)


def test_the_network_is_marian(model, trained):
    """What we compute is what transformers computes from the weights we export."""
    from transformers import MarianMTModel

    kept = state.needed(trained[0])
    vocabulary = len(kept.average[network.SHARED])
    ours = translate.restored(trained[0], "cpu")
    theirs = MarianMTModel(network.config(kept.size, vocabulary, pad=PAD, end=END)).eval()
    theirs.load_state_dict({**theirs.state_dict(), **kept.average})
    theirs.tie_weights()
    source, target = (torch.randint(3, vocabulary, (3, length)) for length in (9, 7))
    source[1, 5:] = PAD
    shifted = torch.nn.functional.pad(target[:, :-1], (1, 0), value=PAD)
    with torch.no_grad():
        wanted = theirs.model(
            input_ids=source, attention_mask=(source != PAD).long(), decoder_input_ids=shifted
        ).last_hidden_state
        torch.testing.assert_close(ours(source, target), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("beam", [1, 4])
def test_our_decoder_finds_what_ctranslate2_finds(model, trained, data, pairs, beam):
    from sacrebleu import corpus_chrf

    texts = [normalise(line.split("\t")[0]) for line in pairs.read_text(encoding="utf-8").splitlines()]
    ours = translate.decode(translate.restored(trained[0], "cpu"), processor(data), texts, translate.How(beam))
    theirs = Decoder(model, beam=beam, threads=1).translate(texts)
    assert corpus_chrf(ours, [theirs]).score > 80  # eight bits make a difference


def test_translations_become_pairs(trained, data, tmp_path):
    shutil.copytree(data, tmp_path / "data")
    said = run("translate", trained[0], tmp_path / "data", "--as", "forward", "--device", "cpu", "--beam", 2)
    rows = stream.load(tmp_path / "data").rows
    assert re.search(rf"{len(rows['forward'])} of 1\d pairs", said)
    assert len(rows["forward"]) > 6
