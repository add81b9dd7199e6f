"""The command line as a user meets it: files, messages, exit codes."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from newsbridge.record import document

ROOT = Path(__file__).parent.parent
SEED = ROOT / "samples" / "000_334f0a9f5df88d9b.txt"
NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))
ARTICLE = (
    "Der Kanton Zug baut ein Spital. «Wir beginnen im Mai», sagte Regierungsrätin Eva Kern am Montag. "
    "Es kostet 12,5 Millionen Franken und soll bis zum nächsten Sommer fertig sein.\n"
)


def run(*arguments, **settings):
    settings.setdefault("timeout", 120)
    return subprocess.run([NEWSBRIDGE, *map(str, arguments)], capture_output=True, check=False, **settings)


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "artikel.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def names(folder):
    """List a folder without what is hidden and the index page."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".") and path.name != "index.html")


def calm(done, code):
    """Check an exit code, and that what was said is no traceback."""
    said = done.stderr.decode()
    assert done.returncode == code, said
    assert "Traceback" not in said
    return said


def test_the_module_runs_as_the_command_does():
    module = subprocess.run([sys.executable, "-m", "newsbridge", "--version"], capture_output=True, check=True)
    assert module.stdout == run("--version").stdout


def test_three_files_are_written_and_the_record_is_valid(article, tmp_path):
    calm(run("translate", article, "-o", tmp_path / "out"), 0)
    assert names(tmp_path / "out") == ["artikel.html", "artikel.json", "artikel.md"]
    data = (tmp_path / "out" / "artikel.json").read_text(encoding="utf-8")
    jsonschema.validate(json.loads(data), document.schema())
    record = document.loads(data.encode(), "artikel.json")
    assert [quotation.speaker.name for quotation in record.ledger.quotations] == ["Eva Kern"]
    assert document.dumps(record) == data


def test_the_same_article_gives_the_same_bytes(article, tmp_path):
    first, second = (run("translate", article, "--format", "json").stdout for _ in range(2))
    assert first == second
    assert first


def test_markdown_goes_to_stdout_without_a_folder(article):
    done = run("translate", article)
    calm(done, 0)
    assert "Eva Kern" in done.stdout.decode()


def test_every_pair_of_marks_of_the_seed_arrives_or_is_a_finding():
    record = document.loads(run("translate", SEED, "--format", "json").stdout, "seed")
    pairs = record.article.text.count("«")
    english = " ".join(each.target for each in record.translations)
    lost = [each for each in record.every_finding() if each.kind.value.startswith("quote-")]
    assert pairs == 9
    assert english.count("“") + len(lost) >= pairs
    assert english.count("“") == english.count("”") or lost


def test_marks_stand_round_what_was_said_not_round_the_segment():
    record = document.loads(run("translate", SEED, "--format", "json").stdout, "seed")
    (partial,) = [
        each
        for each in record.ledger.quotations
        if "auf Zeit" in each.spans[0].of(record.article.text) and each.kind == "direct"
    ]
    (place,) = record.rendering[partial.id].targets
    target = record.translation[place.segment].target
    assert len(place.span) < len(target) / 2


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("leer.txt", b"", "empty"),
        ("bild.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "text"),
        ("china.txt", "今天上午，政府在北京宣布了一项新的经济政策，专家们对此表示欢迎。".encode(), "German"),
    ],
)
def test_what_is_no_german_article_is_named_and_the_rest_goes_on(article, tmp_path, name, data, said):
    bad = tmp_path / name
    bad.write_bytes(data)
    message = calm(run("translate", bad, article, "-o", tmp_path / "out"), 1)
    assert name in message
    assert said in message
    assert (tmp_path / "out" / "artikel.json").exists()


def test_a_wrong_path_is_named(tmp_path):
    assert "fehlt.txt" in calm(run("translate", tmp_path / "fehlt.txt"), 1)


def test_a_folder_below_a_file_is_an_error(article):
    message = calm(run("translate", article, "-o", article / "out"), 1)
    assert "artikel.txt" in message


def test_a_file_somebody_else_wrote_needs_force(article, tmp_path):
    (tmp_path / "artikel.md").write_text("mine")
    assert "--force" in calm(run("translate", article, "-o", tmp_path), 1)
    assert (tmp_path / "artikel.md").read_text() == "mine"
    assert not (tmp_path / "artikel.json").exists()
    calm(run("translate", article, "-o", tmp_path, "--force"), 0)
    calm(run("translate", article, "-o", tmp_path), 0)  # its own files it may replace


def test_an_input_is_never_overwritten(tmp_path):
    path = tmp_path / "artikel.md"
    path.write_text(ARTICLE)
    calm(run("translate", path, "-o", tmp_path, "--force"), 1)
    assert path.read_text() == ARTICLE


def test_a_full_disk_leaves_no_half_file(article, tmp_path):
    out = tmp_path / "out"

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    assert "cannot write" in calm(run("translate", article, "--from", "de", "-o", out, preexec_fn=limit), 1)
    assert "--from" in calm(run("translate", article, preexec_fn=limit), 1)
    assert not out.exists() or not names(out)


def test_a_closed_pipe_is_no_failure():
    process = subprocess.Popen([NEWSBRIDGE, "translate", str(SEED)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(60) == 0, said
    assert "Traceback" not in said


def test_ctrl_c_is_calm(tmp_path):
    big = tmp_path / "gross.txt"
    big.write_text(SEED.read_text(encoding="utf-8") * 300, encoding="utf-8")
    process = subprocess.Popen([NEWSBRIDGE, "translate", str(big), "-o", str(tmp_path / "out")], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not (tmp_path / "out").exists() and time.monotonic() < deadline:
        time.sleep(0.05)  # until the run has begun: an interpreter that still starts knows no calm
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=120)[1].decode()
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert not list((tmp_path / "out").glob("[!.]*"))  # the journal of a run that had begun may stand there


def test_strict_exits_with_3_only_on_what_it_does_not_let_pass(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("«Die Lage ist ernst, sagte der Minister am Montag in Bern. Er will morgen mehr dazu sagen.\n")
    calm(run("translate", path), 0)
    calm(run("translate", path, "--strict=warning"), 3)


def test_unknown_formats_and_models_are_named_with_those_there_are(article):
    message = calm(run("translate", article, "--format", "pdf"), 2)
    assert "json, md, html" in message
    assert "embedded" in calm(run("translate", article, "--model", "embeded"), 1)


def test_several_inputs_need_a_folder(article, tmp_path):
    other = tmp_path / "b.txt"
    other.write_text(ARTICLE)
    assert "-o" in calm(run("translate", article, other), 2)


def test_options_of_a_folder_need_one(article):
    assert "-o DIR" in calm(run("translate", article, "--dry-run"), 2)
    assert "-o DIR" in calm(run("translate", article, "--on", "ray"), 2)


def test_stems_that_collide_keep_their_suffix(article, tmp_path):
    article.with_suffix(".md").write_text(ARTICLE)
    calm(run("translate", tmp_path, "-o", tmp_path / "out", "--format", "json"), 0)
    assert names(tmp_path / "out") == ["artikel.md.json", "artikel.txt.json"]


def test_convert_makes_the_same_views_and_follows_edits(article, tmp_path):
    calm(run("translate", article, "-o", tmp_path / "out"), 0)
    path = tmp_path / "out" / "artikel.json"
    first = (tmp_path / "out" / "artikel.md").read_text()
    calm(run("convert", path, "--format", "md", "-o", tmp_path / "again"), 0)
    assert (tmp_path / "again" / "artikel.md").read_text() == first
    record = json.loads(path.read_text())
    gone = record["brief"]["points"][0]
    for section in record["sections"]:
        for block in section["blocks"]:
            block["segments"] = [each for each in block["segments"] if each["id"] not in gone["segments"]]
    path.write_text(json.dumps(record))
    done = run("convert", path, "--format", "json", "-o", "-")
    calm(done, 0)
    assert gone["text"] not in [each["text"] for each in json.loads(done.stdout)["brief"]["points"]]


def test_json_lines_answer_in_order_and_count_in_the_text_as_given():
    nfd = "Der Rat in Bern hat getagt.\r\n\r\nKu\u0308hn sagte: «Wir bauen heute noch.» Das war am Montag.\r\n"
    lines = [json.dumps({"id": "a", "text": nfd}), "kein JSON", json.dumps({"id": "c", "text": ARTICLE})]
    done = run("quotes", "--json", "-", "--from", "de", input="\n".join(lines).encode())
    calm(done, 1)
    first, bad, last = map(json.loads, done.stdout.decode().splitlines())
    assert (first["id"], last["id"]) == ("a", "c")
    assert "error" in bad
    (quote,) = [each for each in first["quotes"] if each["kind"] == "direct"]
    assert nfd[quote["begin"] : quote["end"]] == "«Wir bauen heute noch.»"
    assert nfd[quote["speaker_begin"] : quote["speaker_end"]] == "Ku\u0308hn"


def test_every_command_has_help_with_an_example():
    memory = ("memory import", "memory export", "memory stats", "memory prune")
    for command in ("translate", "brief", "quotes", "segment", "check", "convert", "models list", *memory, "config"):
        done = run(*command.split(), "--help")
        calm(done, 0)
        assert re.search(r"Examples?:", done.stdout.decode()), command


def test_help_loads_neither_an_engine_nor_numpy():
    code = "import sys, newsbridge.cli; print(sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in ("torch", "transformers", "ctranslate2", "numpy", "sentencepiece", "rich"):
        assert f"'{heavy}'" not in loaded


def test_the_readme_shows_the_help_that_is_printed():
    printed = run("--help", env={**os.environ, "COLUMNS": "80"}).stdout.decode().rstrip()
    assert printed in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_translation_needs_neither_torch_nor_transformers(article):
    code = (
        "import sys; sys.modules.update(torch=None, transformers=None); "
        f"from newsbridge.cli import main; main(['brief', {str(article)!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Eva Kern" in done.stdout


def test_models_and_config_are_listed():
    assert "CC-BY-4.0" in run("models", "list").stdout.decode()
    assert "american" in run("config").stdout.decode()


def test_check_prints_one_line_per_segment(article, tmp_path):
    calm(run("translate", article, "-o", tmp_path / "out"), 0)
    done = run("check", "--json", tmp_path / "out" / "artikel.json")
    calm(done, 0)
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [line["segment"] for line in lines if line["segment"]] == ["s1.p1.1", "s1.p1.2", "s1.p1.3"]
