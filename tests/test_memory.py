"""What was translated before: nothing is decoded twice, a person wins, and damage translates nothing wrongly."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from newsbridge import memory, pipeline, reading
from newsbridge.bitext import BitextError
from newsbridge.engines import Hypothesis, Request
from newsbridge.engines.echo import Echo
from newsbridge.engines.remembering import Remembering, packed, unpacked
from newsbridge.errors import MemoryFault
from newsbridge.memory import Memory, Unit, tmx
from newsbridge.record import document
from newsbridge.summary.extractive import Extractive

NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))
TEXT = "Der Rat in Bern hat getagt. «Wir bauen heute noch», sagte Eva Kern. Das war am Montag.\n"


class Counting(Echo):
    def __init__(self, revision="1"):
        self.revision, self.asked = revision, []

    def translate(self, requests):
        self.asked += requests
        return super().translate(requests)


def requests(*texts):
    return [Request(text, "de", "en") for text in texts]


@pytest.fixture
def known(tmp_path):
    opened = Memory(tmp_path / "memory.sqlite")
    yield opened
    opened.close()


def told():
    said = []
    return said, said.append


# ------------------------------------------------------------------------------------------ answers


def test_nothing_is_decoded_twice(known):
    first, second = Counting(), Counting()
    one = Remembering(first, known).translate(requests("Eins.", "Zwei.", "Eins."))
    two = Remembering(second, known).translate(requests("Zwei.", "Eins.", "Drei."))
    assert [each.text for each in first.asked] == ["Eins.", "Zwei."]
    assert [each.text for each in second.asked] == ["Drei."]
    assert two[:2] == [one[1], one[0]]


def test_another_engine_setting_or_number_of_hypotheses_is_another_answer(known):
    Remembering(Counting(), known).translate(requests("Eins."))
    other, more = Counting(revision="2"), Counting()
    Remembering(other, known).translate(requests("Eins."))
    Remembering(more, known).translate([Request("Eins.", "de", "en", 4)])
    Remembering(more, known).translate([Request("Eins.", "de", "fr")])
    assert (len(other.asked), len(more.asked)) == (1, 2)


def test_an_answer_keeps_tokens_scores_and_attention():
    rows = ((0.5, 0.25), (0.125, 0.875), (0.99, 0.0))
    hypotheses = (
        Hypothesis("a „ü“ \ud83d", -0.123456789012345, ("▁a", "b"), ("x", "y", "z"), rows),
        Hypothesis("", 0.0),
    )
    assert unpacked(packed(hypotheses)) == hypotheses


def test_a_damaged_answer_is_none(known):
    engine = Counting()
    Remembering(engine, known).translate(requests("Eins."))
    value = packed((Hypothesis("Eins.", 0.0),))
    for position in range(2, len(value)):
        broken = bytearray(value)
        broken[position] ^= 0x41
        assert unpacked(bytes(broken)) is None, position
    with sqlite3.connect(known.path) as db:
        db.execute("UPDATE answers SET value = ?", (b"rubbish",))
    assert Remembering(engine, known).translate(requests("Eins."))[0][0].text == "Eins."
    assert len(engine.asked) == 2


def test_hits_are_counted(known):
    counted = []
    engine = Remembering(Counting(), known, lambda count, hit: counted.append((count, hit)))
    engine.translate(requests("Eins.", "Zwei.", "Eins."))
    known.add([Unit("Drei.", "Three.", approved=True)])
    engine.translate(requests("Eins.", "Eins.", "Drei."))
    assert sum(count for count, hit in counted if hit) == 3
    assert sum(count for count, hit in counted if not hit) == 1  # the equal request of the first call


# ------------------------------------------------------------------------------------------ what a person approved


def test_what_was_approved_wins_over_any_engine_and_is_taken_as_it_is(known):
    known.add([Unit("„Wir bauen heute noch“, sagte Eva Kern.", "“We’re building today,” Kern said.", approved=True)])
    known.add([Unit("«Wir bauen heute noch», sagte Eva Kern.", "“Nonsense,” she said.", engine="model")])
    article, _ = reading.read_text(TEXT, language="de")
    record = pipeline.bridge(article, Remembering(Counting(), known), Extractive())
    (chosen,) = [each for each in record.translations if "bauen" in each.text]
    assert chosen.target == "“We’re building today,” Kern said."
    assert (chosen.origin.value, chosen.engine) == ("memory", "memory")
    assert record.renderings[0].status.value == "kept"
    assert document.loads(document.dumps(record)).translations == record.translations


def test_a_region_does_not_matter_but_the_language_does(known):
    known.add([Unit("Eins.", "One.", "de-CH", "en-GB", approved=True)])
    assert known.approved(["Eins."], "de", "en") == {"Eins.": "One."}
    assert known.approved(["Eins."], "de", "fr") == {}


def test_a_damaged_unit_is_not_used(known):
    known.add([Unit("Eins.", "One.", approved=True)])
    with sqlite3.connect(known.path) as db:
        db.execute("UPDATE units SET target = 'Two.'")
    assert known.approved(["Eins."], "de", "en") == {}
    assert list(known.units()) == []


# ------------------------------------------------------------------------------------------ TMX


def test_tmx_comes_back_as_it_went_out(known, tmp_path):
    units = [
        Unit("A & B <c>, «d»\u00a0!", "A & B <c>, “d”!", engine="echo"),
        Unit("Zwei.", "Two.", engine="", approved=True),
    ]
    known.add(units)
    with (tmp_path / "m.tmx").open("w", encoding="utf-8") as file:
        assert tmx.write(file, known.units()) == 2
    back = list(tmx.read(tmp_path / "m.tmx", "de", "en"))
    assert [(unit.source, unit.target) for unit in back] == [
        ("A & B <c>, «d» !", "A & B <c>, “d”!"),
        ("Zwei.", "Two."),
    ]
    assert all(unit.approved for unit in back)


def test_tmx_of_other_tools_is_read(tmp_path):
    text = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE tmx SYSTEM "tmx14.dtd">
    <tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en"
    srclang="DE-DE" datatype="html"/><body>
    <tu tuid="1"><note>n</note><tuv xml:lang="EN-US">
    <seg>The <bpt i="1">&lt;b&gt;</bpt>council<ept i="1">&lt;/b&gt;</ept>
      has <hi>met</hi>.</seg></tuv><tuv xml:lang="DE-DE"><seg>Der <ph>{1}</ph>Rat hat getagt.</seg></tuv><tuv
    xml:lang="en-GB"><seg>Not this one.</seg></tuv></tu>
    <tu><tuv xml:lang="de"><seg>Nur Deutsch.</seg></tuv></tu>
    </body></tmx>"""
    path = tmp_path / "other.tmx"
    path.write_bytes(text.replace("UTF-8", "UTF-16").encode("utf-16"))
    (unit,) = tmx.read(path, "de", "en")
    assert (unit.source, unit.target) == ("Der Rat hat getagt.", "The council has met.")


@pytest.mark.parametrize("text", ["", "<html/>", "<tmx><body><tu>", "no xml"])
def test_what_is_no_tmx_is_named_and_nothing_of_it_is_taken(known, tmp_path, text):
    path = tmp_path / "bad.tmx"
    path.write_text(text)
    with pytest.raises(BitextError, match=r"bad\.tmx"):
        known.add(tmx.read(path, "de", "en"))
    assert known.stats().units == 0


def test_tmx_holds_no_character_that_xml_does_not_have():
    file = io.StringIO()
    tmx.write(file, [Unit("a\x01b", "\x0cc", approved=True)])
    assert ElementTree.fromstring(file.getvalue().split("?>", 1)[1]).find(".//seg").text == "ab"


# ------------------------------------------------------------------------------------------ trouble


def test_a_damaged_file_is_named_and_left_alone(tmp_path):
    path = tmp_path / "memory.sqlite"
    data = os.urandom(9000)
    path.write_bytes(data)
    with pytest.raises(MemoryFault, match="damaged") as caught:
        Memory(path)
    assert "none" in caught.value.hint
    assert path.read_bytes() == data


def test_damage_on_the_way_ends_the_memory_and_not_the_run(tmp_path):
    path = tmp_path / "memory.sqlite"
    first = Memory(path)
    Remembering(Echo(), first).translate(requests(*(f"Satz {number}." for number in range(3000))))
    first.close()
    said, tell = told()
    second = Memory(path, tell)
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
    answers = Remembering(Echo(), second).translate(requests(*(f"Satz {number}." for number in range(3000))))
    assert [each[0].text for each in answers] == [f"Satz {number}." for number in range(3000)]
    assert len(said) == 1
    assert "damaged" in said[0].message


def test_another_programs_database_is_not_touched(tmp_path):
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE mine (x)")
        db.execute("PRAGMA user_version=7")
    with pytest.raises(MemoryFault, match=r"other\.sqlite"):
        Memory(path)


def test_a_read_only_memory_is_used_and_not_changed(tmp_path, monkeypatch):
    path = tmp_path / "memory.sqlite"
    first = Memory(path)
    Remembering(Echo(), first).translate(requests("Eins."))
    first.add([Unit("Zwei.", "Two.", approved=True)])
    first.close()
    data = path.read_bytes()
    connect = Memory._connect  # root may write everywhere, so SQLite is told that this file may not be written
    monkeypatch.setattr(
        Memory, "_connect", lambda self, where, uri: connect(self, where if uri else f"file:{where}?mode=ro", uri=True)
    )
    said, tell = told()
    known, engine = Memory(path, tell), Counting()
    answers = Remembering(engine, known).translate(requests("Eins.", "Zwei.", "Drei."))
    assert [each.text for each in engine.asked] == ["Drei."]
    assert answers[1][0].text == "Two."
    assert len(said) == 1
    assert "read-only" in said[0].message
    with pytest.raises(MemoryFault, match="read-only"):
        known.add([Unit("a", "b", approved=True)])
    known.close()
    assert path.read_bytes() == data


def test_several_processes_share_one_memory(tmp_path):
    code = (
        "import sys; from pathlib import Path; from newsbridge.memory import Memory, Unit;"
        "known = Memory(Path(sys.argv[1])); n = sys.argv[2]\n"
        "for i in range(40):\n"
        "    known.keep({f'{n}.{i}.{k}'.encode(): b'x' * 50 for k in range(20)})\n"
        "    known.add([Unit(f'{n}.{i}', 'y')])\n"
    )
    path = str(tmp_path / "memory.sqlite")
    processes = [subprocess.Popen([sys.executable, "-c", code, path, str(number)]) for number in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    known = Memory(Path(path))
    assert (known.stats().answers, known.stats().units) == (2400, 120)


# ------------------------------------------------------------------------------------------ upkeep, command line


def test_the_oldest_answers_go_first_and_what_was_approved_never(known, monkeypatch):
    monkeypatch.setattr(memory, "today", lambda: 100)
    known.keep({f"old {number}".encode(): os.urandom(2000) for number in range(300)})
    known.add([Unit("Eins.", "One.", approved=True), Unit("Zwei.", "Two.")])
    monkeypatch.setattr(memory, "today", lambda: 200)
    known.keep({f"new {number}".encode(): os.urandom(2000) for number in range(300)})
    known.recall([b"old 7"])
    before = known.stats().size
    assert known.prune(size=before * 2 // 3) > 0
    assert known.stats().size <= before * 2 // 3
    assert len(known.recall([f"new {number}".encode() for number in range(300)])) == 300
    assert known.recall([b"old 7"])
    known.prune(days=0)
    monkeypatch.setattr(memory, "today", lambda: 300)
    known.prune(days=1)
    assert (known.stats().answers, known.stats().units, known.stats().approved) == (0, 1, 1)


def test_a_memory_that_grows_too_large_prunes_itself(tmp_path):
    known = Memory(tmp_path / "memory.sqlite", limit=500_000)
    for part in range(10):
        known.keep({f"{part} {number}".encode(): os.urandom(1000) for number in range(100)})
    assert known.stats().size <= 500_000
    assert known.stats().answers > 100


def test_the_command_line_imports_exports_counts_and_prunes(tmp_path):
    path, article = tmp_path / "m.sqlite", tmp_path / "a.txt"
    article.write_text(TEXT, encoding="utf-8")

    def run(*arguments):
        return subprocess.run(
            [NEWSBRIDGE, *map(str, arguments), "--memory", str(path)], capture_output=True, text=True, check=False
        )

    translate = ("translate", article, "-o", tmp_path / "out", "--model", "echo", "--from", "de", "--format", "json")
    assert run(*translate).returncode == 0
    assert run("memory", "export", "-o", tmp_path / "m.tmx").returncode == 0
    text = (tmp_path / "m.tmx").read_text(encoding="utf-8")
    assert text.count("<tu>") == 3
    corrected = text.replace("<seg>Das war am Montag.</seg></tuv></tu>", "<seg>That was Monday.</seg></tuv></tu>")
    assert corrected != text
    (tmp_path / "m.tmx").write_text(corrected, encoding="utf-8")
    assert "3 approved" in run("memory", "import", tmp_path / "m.tmx").stderr
    again = run(*translate, "--fresh")
    assert "3 of 3 segments from the memory" in again.stderr
    assert "That was Monday." in (tmp_path / "out" / "a.json").read_text(encoding="utf-8")
    assert json.loads(run("memory", "stats", "--json").stdout)["approved"] == 3
    assert run("memory", "prune", "--size", "1k").returncode == 0
    assert run("memory", "prune", "--size", "viel").returncode == 2
    assert run("memory", "import", tmp_path / "fehlt.tmx").returncode == 1
