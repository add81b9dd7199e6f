"""Inputs of every kind: archives, rows, compressed files, lists; and a folder with much that is no article."""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pytest
import zstandard
from pyarrow import parquet

from newsbridge.batch.plan import Plan
from newsbridge.errors import ArticleError
from newsbridge.reading import containers
from newsbridge.reading.containers import Columns
from newsbridge.reading.files import Input, find

NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))
TEXT = "Der Rat in Bern hat am Montag getagt. «Wir bauen heute noch», sagte Präsidentin Eva Kern den Medien."


def members(path, columns=None):
    return list(containers.articles(Input(path, PurePosixPath(path.name)), columns or Columns()))


def tar(path, files, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


FILES = {
    "lokal/a.txt": TEXT.encode(),
    "lokal/b.md": f"# Rat\n\n{TEXT}".encode(),
    "lokal/bild.png": b"\x89PNG",
    ".verborgen.txt": TEXT.encode(),
    "__MACOSX/._a.txt": b"x",
}


@pytest.mark.parametrize("kind", ["a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tar.xz", "a.tar.zst", "a.zip"])
def test_an_archive_gives_its_articles(tmp_path, kind):
    path = tmp_path / kind
    if kind == "a.zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in FILES.items():
                archive.writestr(name, data)
    elif kind == "a.tar.zst":
        path.write_bytes(zstandard.compress(tar(tmp_path / "plain", FILES).read_bytes()))
    else:
        tar(path, FILES, {"tgz": "w:gz", "gz": "w:gz", "bz2": "w:bz2", "xz": "w:xz"}.get(kind.split(".")[-1], "w"))
    found = members(path)
    assert [str(each.relative) for each in found] == ["a/lokal/a.txt", "a/lokal/b.md"]
    assert [each.name for each in found] == [f"{path.as_posix()}/lokal/a.txt", f"{path.as_posix()}/lokal/b.md"]
    first, second = (each.read() for each in found)
    assert first.text == TEXT
    assert first.path == found[0].name
    assert second.hints  # it is Markdown


def test_a_member_cannot_leave_the_output_folder(tmp_path):
    path = tar(tmp_path / "a.tar", {"../../etc/a.txt": TEXT.encode(), "/tmp/b.txt": TEXT.encode()})
    assert [str(each.relative) for each in members(path)] == ["a/etc/a.txt", "a/tmp/b.txt"]


def test_a_damaged_archive_gives_what_is_whole_and_says_so(tmp_path):
    path = tar(tmp_path / "a.tar.gz", {f"{n}.txt": os.urandom(3000).hex().encode() for n in range(30)}, "w:gz")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    *whole, last = members(path)
    assert len(whole) > 5
    with pytest.raises(ArticleError, match=r"a\.tar\.gz cannot be read.* after \d+ articles"):
        last.load()


@pytest.mark.parametrize("name", ["a.tar", "a.zip", "a.parquet", "a.jsonl.gz"])
def test_what_is_no_archive_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(b"nothing of the kind, nothing of the kind")
    (only,) = members(tmp_path / name)
    with pytest.raises(ArticleError, match=name.replace(".", r"\.")):
        only.load()


def test_json_lines_give_one_article_each_and_a_bad_line_is_named_in_its_place(tmp_path):
    path = tmp_path / "feed.jsonl"
    rows = [
        json.dumps({"id": "x/1", "text": TEXT, "title": "Der Rat", "date": "2026-01-02", "views": 7}),
        "kein JSON",
        "",
        json.dumps(["a"]),
        json.dumps({"id": 7, "body": TEXT}),
        json.dumps({"text": TEXT}),
    ]
    path.write_text("\r\n".join(rows), encoding="utf-8")
    found = members(path)
    assert [each.name.rpartition("feed.jsonl")[2] for each in found] == [":1", ":2", ":4", ":5", ":6"]
    assert [str(each.relative) for each in found][:: len(found) - 1] == ["feed/x_1", "feed/000006"]
    article = found[0].read()
    assert (article.text, article.metadata.title, article.metadata.date) == (TEXT, "Der Rat", "2026-01-02")
    for each, said in zip(found[1:4], ("is not JSON", "no JSON object", "no text in 'text'"), strict=True):
        with pytest.raises(ArticleError, match=said):
            each.load()
    assert members(path, Columns("body", "id"))[3].read().text == TEXT


def test_parquet_gives_its_rows(tmp_path):
    table = pa.table({"article": [TEXT, None, TEXT], "key": ["a", "b", "c"], "url": ["https://x.ch/1", None, ""]})
    parquet.write_table(table, tmp_path / "feed.parquet")
    first, second, third = members(tmp_path / "feed.parquet", Columns("article", "key"))
    assert first.read().metadata.url == "https://x.ch/1"
    assert str(third.relative) == "feed/c"
    with pytest.raises(ArticleError, match="has no text"):
        second.load()
    (only,) = members(tmp_path / "feed.parquet")
    with pytest.raises(ArticleError, match="it has 'article', 'key', 'url'"):
        only.load()


def test_a_compressed_article_is_read_as_it_is(tmp_path):
    path = tmp_path / "a.md.gz"
    path.write_bytes(gzip.compress(f"# Rat\n\n{TEXT}".encode()))
    (found,) = members(path)
    assert found.read().hints
    plan = Plan()
    plan.add([str(tmp_path)])
    assert [stem for _, stem in plan.articles()] == ["a"]
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(ArticleError, match=r"a\.md\.gz cannot be read"):
        found.load()


def test_a_bomb_is_too_large(tmp_path):
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"a" * 30_000_000))
    with pytest.raises(ArticleError, match="at most 10 MB"):
        next(find(str(tmp_path / "a.txt.gz"))).load()


def test_names_are_taken_once_and_those_of_one_folder_keep_their_suffix(tmp_path):
    for name in ("a.txt", "A.md", "b.txt", "index.txt", "sub/a.txt"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(TEXT)
    feed = tmp_path / "feed.jsonl"
    feed.write_text("\n".join(json.dumps({"id": each, "text": TEXT}) for each in ("1.2", "1.3", "1.2")))
    plan = Plan()
    plan.add([str(tmp_path / "in"), str(feed), str(tmp_path / "in" / "b.txt")])
    stems = [stem for _, stem in plan.articles(["index"])]
    assert stems == ["A.md", "a.txt", "b", "index.txt", "sub/a", "feed/1.2", "feed/1.3", "feed/1.2-2"]
    assert stems == [stem for _, stem in plan.articles(["index"])]


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\0"])
def test_a_list_of_inputs_comes_from_stdin(tmp_path, mark):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT)
    done = subprocess.run(
        [NEWSBRIDGE, "translate", "--files-from", "-", "-o", tmp_path / "out", "--model", "echo", "--format", "json"],
        input=mark.join([str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), ""]).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "out").glob("*.json")) == ["a.json", "b.json"]


def test_a_folder_with_much_that_is_no_article_is_finished_and_each_is_named(tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(40):
        (folder / f"gut{number:02}.txt").write_text(TEXT.replace("Montag", f"{number + 1}. Mai"), encoding="utf-8")
    (folder / "gut00.md").write_text(TEXT, encoding="utf-8")  # the same stem twice
    (folder / "neue\nZeile 😀.txt").write_text(TEXT, encoding="utf-8")
    latin = os.fsencode(folder) + b"/caf\xe9.txt"
    with open(latin, "w", encoding="utf-8") as file:
        file.write(TEXT)
    good = 43
    (folder / "leer.txt").write_bytes(b"")
    (folder / "binaer.txt").write_bytes(os.urandom(3000) + b"\0")
    (folder / "kaputt.txt").write_bytes(4 * TEXT.encode() + b"\xc3\xc3\xc3 \xe4")
    with (folder / "gross.txt").open("wb") as file:
        file.truncate(200_000_000)
    (folder / "kreis.txt").symlink_to(folder / "kreis.txt")
    (folder / "tot.txt").symlink_to(folder / "nirgends.txt")
    (folder / "unten").mkdir()
    (folder / "unten" / "hinauf").symlink_to(folder)
    os.mkfifo(folder / "rohr.txt")  # no file: passed over, and waited for by nobody
    bad = ["binaer.txt", "gross.txt", "kaputt.txt", "kreis.txt", "leer.txt", "tot.txt"]
    if os.geteuid():
        (folder / "zu.txt").write_text(TEXT)
        (folder / "zu.txt").chmod(0)
        bad.append("zu.txt")
    done = subprocess.run(
        [NEWSBRIDGE, "translate", folder, "-o", out, "--model", "echo", "--format", "json,html", "--workers", "1"],
        capture_output=True,
        check=False,
        timeout=120,
    )
    said = done.stderr.decode("utf-8")
    assert done.returncode == 1, said
    assert "Traceback" not in said
    assert len(list(out.rglob("*.json"))) == good
    failed = [json.loads(line) for line in (out / "failures.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [PurePosixPath(each["article"]).name for each in failed] == bad
    assert all(each["error"] and each["hint"] for each in failed)
    for name in bad:
        assert sum(name in line for line in said.splitlines()) == 1, name
    assert {"gut00.txt.json", "gut00.md.json"} <= {path.name for path in out.iterdir()}
    index = (out / "index.html").read_text(encoding="utf-8")
    assert index.count("<tr><td") == good
    assert "caf\\xe9" in index
