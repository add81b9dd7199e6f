"""The engine in docs/engines.md, installed as a package of somebody else's."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs" / "engines.md"
NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return the folder the example was installed into."""
    folder = tmp_path_factory.mktemp("shout")
    text = DOCS.read_text(encoding="utf-8")
    for name in ("shout.py", "pyproject.toml"):
        (block,) = re.findall(rf"`{re.escape(name)}`:\n\n```\w+\n(.*?)```", text, re.DOTALL)
        (folder / name).write_text(block, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--target", str(folder / "site"), str(folder)], check=True, capture_output=True)
    return folder / "site"


def run(installed, tmp_path, *arguments):
    path = tmp_path / "a.txt"
    path.write_text("Es regnet heute.\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{installed}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    command = [NEWSBRIDGE, "translate", str(path), "--from", "de", "--format", "json", *arguments]
    return subprocess.run(command, capture_output=True, check=False, env=environment, text=True)


def test_it_translates_under_its_name(installed, tmp_path):
    done = run(installed, tmp_path, "--model", "shout")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["sections"][0]["blocks"][0]["segments"][0]["target"] == "IT RAINS TODAY!"
    assert (record["provenance"]["engine"], record["provenance"]["license"]) == ("shout", "CC0-1.0")


def test_what_stands_behind_its_name_reaches_it_and_its_errors_reach_the_reader(installed, tmp_path):
    done = run(installed, tmp_path, "--model", "shout:?")
    assert "IT RAINS TODAY?" in done.stdout
    wrong = run(installed, tmp_path, "--model", "shuot")
    assert wrong.returncode == 1
    assert "did you mean shout?" in wrong.stderr
