"""Pulling models from a hub on loopback: whole, resumed, refused, shared between processes, and then used."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import checkpoints
from loopback import Hub, serve
from newsbridge import store
from newsbridge.cli import newsbridge
from newsbridge.engines import Request, registry
from newsbridge.errors import EngineError, MissingPackage
from newsbridge.models import hub as hubs
from newsbridge.models.pull import Progress, Wishes, pull

NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))
UNTESTED = Wishes(quantization="float32", test=False)
SENTENCE = "Die Ministerin sagte am Montag, die Lage sei ernst."


@pytest.fixture(scope="module")
def served(checkpoint):
    with serve(Hub()) as hub:
        yield hub


@pytest.fixture
def hub(served, tmp_path, monkeypatch):
    """Return a hub without memory of other tests, with an empty store and an empty cache on this side."""
    served.repositories, served.asked, served.cut, served.change = {}, [], {}, set()
    served.cut_always, served.status = False, None
    monkeypatch.setenv("HF_ENDPOINT", served.url)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hf" / "hub"))
    monkeypatch.setenv("NEWSBRIDGE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    return served


def run(*arguments):
    """Run the command line in this process, which has loaded torch already."""
    return CliRunner().invoke(newsbridge, [*map(str, arguments)])


def left_over():
    return [path for path in store.root().rglob("*") if path.name.startswith("staged-") or path.suffix == ".part"]


@pytest.mark.parametrize("name", checkpoints.TRANSLATION)
def test_every_family_is_pulled_and_translates(hub, checkpoint, name):
    hub.add(f"desk/{name}", checkpoint(name))
    model = pull(f"desk/{name}", UNTESTED)
    assert (model.family, model.revision) == (name, hub.repositories[f"desk/{name}"].commit("main"))
    store.verify(model)
    engine = registry.translator(f"desk/{name}", beam=1, n_best=1, threads=1)
    (hypotheses,) = engine.translate([Request(SENTENCE, "de", "en")])
    assert hypotheses[0].text
    assert engine.license == model.license
    assert not left_over()


@pytest.mark.parametrize("name", checkpoints.SUMMARY)
def test_every_family_of_writers_is_pulled_and_writes(hub, checkpoint, name):
    from newsbridge.engines.summarising import open_writer

    hub.add(f"desk/{name}", checkpoint(name))
    model = pull(f"desk/{name}", UNTESTED)
    assert model.tasks == ("summary",)
    assert open_writer(model, beam=1, threads=1).write(["The dam has burst. Two cellars are flooded."], "en")[0].text
    with pytest.raises(EngineError, match="does not translate"):
        registry.translator(f"desk/{name}")


def test_a_working_model_passes_its_test_on_the_command_line(hub, tmp_path):
    folder = tmp_path / "de-en"
    shutil.copytree(store.shipped() / "de-en", folder, ignore=shutil.ignore_patterns("ct2-int8", "manifest.json"))
    repository = hub.add("desk/small", folder)
    repository.card = {"language": ["de", "en"], "license": "cc-by-nc-4.0"}
    done = run("models", "pull", "desk/small", "--quantization", "int8")
    assert done.exit_code == 0, done.stderr
    assert "cc-by-nc-4.0 (no commercial use)" in done.stderr
    listed = run("models", "list").stdout
    assert "desk/small" in listed
    assert "no commercial use" in listed
    assert "→" in run("models", "test", "desk/small", "--threads", "1").stdout
    (tmp_path / "a.txt").write_text(SENTENCE + " Der Zug hatte 25 Minuten Verspätung.\n", encoding="utf-8")
    done = run("translate", tmp_path / "a.txt", "--model", "desk/small", "--format", "json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)["provenance"]
    assert (told["engine"], told["license"]) == ("desk/small", "cc-by-nc-4.0")
    assert told["revision"] == repository.commit("main")
    assert "minister" in done.stdout.casefold()
    native = run(
        "translate", tmp_path / "a.txt", "--model", "desk/small", "--runner", "transformers", "--format", "json"
    )
    assert json.loads(native.stdout)["provenance"]["settings"]["runner"] == "transformers", native.stderr
    assert run("models", "remove", "desk/small").exit_code == 0
    gone = run("translate", tmp_path / "a.txt", "--model", "desk/small")
    assert gone.exit_code == 1
    assert "models pull desk/small" in gone.stderr


def test_rubbish_fails_the_test_and_is_not_stored(hub, checkpoint):
    hub.add("desk/rubbish", checkpoint("marian"))
    with pytest.raises(EngineError, match="answers with rubbish: «") as error:
        pull("desk/rubbish", Wishes(quantization="float32"))
    assert "--no-test" in error.value.hint
    assert "desk/rubbish" not in [model.name for model in store.models()]
    assert not left_over()


@pytest.fixture
def small_chunks(monkeypatch):
    """Let what arrives be written in small pieces: a checkpoint of ours is smaller than one of the hub's own."""
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 8192)


@pytest.mark.usefixtures("small_chunks")
def test_a_cut_connection_goes_on_where_it_stopped(hub, checkpoint):
    hub.add("desk/x", checkpoint("marian"))
    hub.cut["model.safetensors"] = 50_000
    pull("desk/x", UNTESTED)
    ranges = hub.sent("model.safetensors")
    assert ranges[0] == ""
    assert 0 < int(ranges[1].removeprefix("bytes=").rstrip("-")) <= 50_000


@pytest.mark.usefixtures("small_chunks")
def test_a_pull_that_was_interrupted_goes_on_when_it_is_called_again(hub, checkpoint, monkeypatch):
    hub.add("desk/x", checkpoint("marian"))
    hub.cut, hub.cut_always = {"model.safetensors": 50_000}, True
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", _interrupt)
    with pytest.raises(KeyboardInterrupt):
        pull("desk/x", UNTESTED)
    (kept,) = store.root().rglob("*.part")
    size = kept.stat().st_size
    assert 40_000 < size <= 50_000
    hub.cut_always, hub.cut, hub.asked = False, {}, []
    pull("desk/x", UNTESTED)
    assert hub.sent("model.safetensors") == [f"bytes={size}-"]
    assert not hub.sent("vocab.json"), "what was whole is not fetched again"


def _interrupt(_seconds):
    raise KeyboardInterrupt


@pytest.mark.parametrize("file", ["model.safetensors", "vocab.json"])
def test_a_wrong_hash_is_refused_and_the_file_deleted(hub, checkpoint, file):
    hub.add("desk/x", checkpoint("marian"))
    hub.change = {file}
    with pytest.raises(EngineError, match=rf"{file} is not what the hub says"):
        pull("desk/x", UNTESTED)
    assert not list(store.root().rglob(file))
    hub.change = set()
    pull("desk/x", UNTESTED)


def test_a_revision_is_pinned_and_several_live_side_by_side(hub, checkpoint):
    repository = hub.add("desk/x", checkpoint("marian"))
    old = repository.commit("main")
    repository.revisions["v1"] = dict(repository.revisions["main"])
    first = pull(f"desk/x@{old}", UNTESTED)
    repository.revisions["main"] = {**repository.revisions["main"], "README.md": b"changed"}
    new = repository.commit("main")
    second = pull("desk/x", UNTESTED)
    assert (first.revision, second.revision) == (old, new)
    assert store.find("desk/x").revision == new
    assert store.find(f"desk/x@{old[:10]}").revision == old
    assert pull("desk/x@v1", UNTESTED).revision == repository.commit("v1")
    with pytest.raises(EngineError, match="no revision 'v9'"):
        pull("desk/x@v9", UNTESTED)


def test_the_same_again_is_not_fetched_again(hub, checkpoint):
    hub.add("desk/x", checkpoint("marian"))
    first = pull("desk/x", UNTESTED)
    hub.asked = []
    assert pull("desk/x", UNTESTED) == first
    assert not [path for _, path, _ in hub.asked if "/resolve/" in path]


@pytest.mark.parametrize(
    ("prepare", "name", "said", "hint"),
    [
        ({}, "desk/none", "there is no model 'desk/none'", "HF_TOKEN"),
        ({"token": "hf_good"}, "desk/x", "or it is private", "HF_TOKEN"),
        ({"gated": True}, "desk/x", "is gated", "accept its terms"),
        ({}, "not a name!", "no model's name", "ORGANISATION/NAME"),
    ],
)
def test_what_is_not_for_us_is_said_with_what_to_do(hub, checkpoint, prepare, name, said, hint):
    hub.add("desk/x", checkpoint("marian"), **prepare)
    with pytest.raises(EngineError, match=said) as error:
        pull(name, UNTESTED)
    assert hint in error.value.hint


def test_a_token_opens_a_private_model_and_a_bad_one_is_named(hub, checkpoint, monkeypatch):
    hub.add("desk/x", checkpoint("marian"), token="hf_good")
    monkeypatch.setenv("HF_TOKEN", "hf_good")
    assert pull("desk/x", UNTESTED).name == "desk/x"
    monkeypatch.setenv("HF_TOKEN", "hf_bad")
    with pytest.raises(EngineError, match="401") as error:
        pull("desk/x", UNTESTED)
    assert "HF_TOKEN is not valid" in error.value.hint


def test_a_hub_that_fails_or_is_not_there_is_named(hub, checkpoint, monkeypatch):
    hub.add("desk/x", checkpoint("marian"))
    hub.status = 503
    with pytest.raises(EngineError, match="503"):
        hubs.plan("desk/x")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{closed.getsockname()[1]}")
    with pytest.raises(EngineError, match=r"the connection to http://127\.0\.0\.1:\d+ failed"):
        hubs.plan("desk/x")


def pickled(folder: Path, target: Path, *, evil: bool = False) -> Path:
    """Copy a checkpoint with its weights pickled, as older ones have them."""
    import torch
    from safetensors.torch import load_file

    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*.safetensors"))
    state = dict(load_file(folder / "model.safetensors"))
    if evil:
        state["evil"] = _Evil()
    torch.save(state, target / "pytorch_model.bin")
    return target


class _Evil:
    def __reduce__(self):
        return os.mkdir, ("newsbridge-was-here",)


def test_pickled_weights_are_refused_unless_allowed_and_then_become_safetensors(hub, checkpoint, tmp_path):
    hub.add("desk/old", pickled(checkpoint("marian"), tmp_path / "old"))
    with pytest.raises(EngineError, match="only pickled weights") as error:
        pull("desk/old", UNTESTED)
    assert "--allow-pickle" in error.value.hint
    model = pull("desk/old", Wishes("float32", allow_pickle=True, test=False))
    assert "weights-only" in model.note
    held = sorted(path.name for path in (model.path / store.CHECKPOINT).iterdir())
    assert "model.safetensors" in held
    assert not [name for name in held if name.endswith(".bin")]


def test_a_pickle_that_runs_code_runs_none(hub, checkpoint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hub.add("desk/evil", pickled(checkpoint("marian"), tmp_path / "evil", evil=True))
    with pytest.raises(EngineError, match="would not load"):
        pull("desk/evil", Wishes("float32", allow_pickle=True, test=False))
    assert not (tmp_path / "newsbridge-was-here").exists()


@pytest.mark.parametrize(("author", "taken"), [("SFconvertbot", True), ("somebody", False)])
def test_safetensors_of_the_hubs_own_request_are_taken_at_its_commit(hub, checkpoint, tmp_path, author, taken):
    repository = hub.add("desk/old", pickled(checkpoint("marian"), tmp_path / "old"))
    weights = (checkpoint("marian") / "model.safetensors").read_bytes()
    repository.revisions["refs/pr/3"] = {**repository.revisions["main"], "model.safetensors": weights}
    title = "Adding `safetensors` variant of this model"
    repository.requests = [{"num": 3, "author": author, "title": title}]
    if not taken:
        with pytest.raises(EngineError, match="only pickled weights"):
            pull("desk/old", UNTESTED)
        return
    model = pull("desk/old", UNTESTED)
    assert repository.commit("refs/pr/3")[:12] in model.note
    assert model.revision == repository.commit("main")
    assert any(f"/resolve/{repository.commit('refs/pr/3')}/" in path for _, path, _ in hub.asked)


def test_code_of_a_model_is_neither_fetched_nor_run(hub, checkpoint, tmp_path):
    folder = tmp_path / "x"
    shutil.copytree(checkpoint("marian"), folder)
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {"AutoModelForSeq2SeqLM": "modeling_evil.Evil"}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "modeling_evil.py").write_text("raise SystemExit('ran')\n")
    hub.add("desk/x", folder)
    pull("desk/x", UNTESTED)
    assert not hub.sent("modeling_evil.py")


def test_a_kind_of_model_newsbridge_cannot_run_is_named(hub, checkpoint, tmp_path):
    folder = tmp_path / "x"
    shutil.copytree(checkpoint("marian"), folder)
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"}))
    hub.add("desk/x", folder)
    with pytest.raises(EngineError, match="'llama'"):
        pull("desk/x", UNTESTED)


def test_offline_takes_the_cache_and_opens_no_connection(hub, checkpoint, tmp_path):
    from huggingface_hub import snapshot_download

    hub.add("desk/x", checkpoint("mbart50"))
    with pytest.raises(EngineError, match="not in the cache"):
        pull("desk/x", Wishes("float32", offline=True, test=False))
    snapshot_download("desk/x", endpoint=hub.url, cache_dir=tmp_path / "hf" / "hub")
    hub.asked = []
    model = pull("desk/x", Wishes("float32", offline=True, test=False))
    assert model.revision == hub.repositories["desk/x"].commit("main")
    assert not hub.asked


def test_what_is_in_the_cache_is_not_downloaded(hub, checkpoint, tmp_path):
    from huggingface_hub import hf_hub_download

    hub.add("desk/x", checkpoint("marian"))
    hf_hub_download("desk/x", "model.safetensors", endpoint=hub.url, cache_dir=tmp_path / "hf" / "hub")
    hub.asked = []
    pull("desk/x", UNTESTED)
    assert not hub.sent("model.safetensors")


def test_a_folder_can_be_pulled(hub, checkpoint, tmp_path):
    shutil.copytree(checkpoint("marian"), tmp_path / "my-model")
    model = pull(str(tmp_path / "my-model"), UNTESTED)
    assert model.name == "my-model"
    assert registry.translator("my-model", beam=1, threads=1).revision == model.revision
    with pytest.raises(EngineError, match=r"no config\.json"):
        pull(str(tmp_path / "nothing"), UNTESTED)


def test_processes_that_pull_the_same_model_get_one_whole_model(hub, checkpoint):
    hub.add("desk/x", checkpoint("marian"))
    command = [NEWSBRIDGE, "models", "pull", "desk/x", "--quantization", "float32", "--no-test"]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=300)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    (model,) = [model for model in store.models() if model.name == "desk/x"]
    store.verify(model)
    assert len(hub.sent("model.safetensors")) == 1


def test_a_killed_process_leaves_a_store_that_works(hub, checkpoint):
    hub.add("desk/x", checkpoint("marian"))
    hub.cut, hub.cut_always = {"model.safetensors": 1000}, True
    command = [NEWSBRIDGE, "models", "pull", "desk/x", "--no-test"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not hub.sent("model.safetensors") and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    hub.cut, hub.cut_always = {}, False
    assert [model.name for model in store.models()] == ["embedded"]
    pull("desk/x", UNTESTED)


def test_a_damaged_model_is_named_and_pulled_anew(hub, checkpoint):
    hub.add("desk/x", checkpoint("marian"))
    model = pull("desk/x", UNTESTED)
    weights = model.path / store.CONVERTED / "model.bin"
    weights.chmod(0o644)
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.unlink()
    weights.write_bytes(bytes(data))
    with pytest.raises(EngineError, match=r"model\.bin was changed"):
        store.verify(model)
    weights.write_bytes(b"")
    with pytest.raises(EngineError, match=r"model\.bin is missing or damaged"):
        store.find("desk/x")
    store.verify(pull("desk/x", UNTESTED))


def test_without_torch_a_pull_says_so_before_it_fetches(hub, checkpoint, monkeypatch):
    hub.add("desk/x", checkpoint("marian"))
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingPackage, match="torch") as error:
        pull("desk/x", UNTESTED)
    assert "newsbridge[torch]" in error.value.hint
    assert not hub.asked


def test_a_pulled_model_translates_without_torch_and_opens_no_connection(hub, checkpoint, tmp_path):
    hub.add("desk/x", checkpoint("nllb"))
    pull("desk/x", UNTESTED)
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    code = (
        "import sys, socket; sys.modules.update(torch=None, transformers=None)\n"
        "def refuse(*a, **k): raise AssertionError('a connection')\n"
        "socket.socket.connect = refuse; socket.create_connection = refuse\n"
        "from newsbridge.cli import main\n"
        f"main(['translate', {str(tmp_path / 'a.txt')!r}, '--model', 'desk/x', '--from', 'de', '--threads', '1'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "desk/x" in done.stdout


def test_progress_counts_every_byte_once(hub, checkpoint):
    class Counting(Progress):
        total = wanted = 0

        def plan(self, plan):
            self.wanted = plan.size

        def bytes(self, count):
            self.total += count

    hub.add("desk/x", checkpoint("marian"))
    hub.cut["model.safetensors"] = 10_000
    progress = Counting()
    pull("desk/x", UNTESTED, progress)
    assert progress.total == progress.wanted > 0


def test_what_ships_cannot_be_removed(hub):
    done = run("models", "remove", "embedded")
    assert done.exit_code == 1
    assert "ships with newsbridge" in done.stderr
