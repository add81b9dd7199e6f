"""The record: its schema, golden records, and what holds for all of them."""

import json
import os
from pathlib import Path

import jsonschema
import pytest

from newsbridge import pipeline, reading
from newsbridge.article import FindingKind
from newsbridge.engines.registry import translator
from newsbridge.record import document
from newsbridge.summary.extractive import Extractive

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
SAMPLES = sorted(each for each in (ROOT / "samples").iterdir() if each.stem not in ("README", "LICENSE"))


def record(path):
    article = reading.read_bytes(path.read_bytes(), path=path.name)
    return pipeline.bridge(article, translator("echo"), Extractive())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_record_of_a_sample_is_the_golden_one(path):
    """With NEWSBRIDGE_WRITE_GOLDEN=1 the golden records are written anew, for a reviewed commit."""
    data, golden = document.dumps(record(path)), GOLDEN / f"{path.stem}.json"
    if os.environ.get("NEWSBRIDGE_WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(data, encoding="utf-8")
    assert data == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_records_are_valid_and_loading_undoes_saving(path):
    data = document.dumps(record(path))
    jsonschema.validate(json.loads(data), document.schema())
    assert document.dumps(document.loads(data.encode(), path.name)) == data


def test_every_kind_of_finding_stands_in_the_schema():
    text = json.dumps(document.schema())
    for kind in FindingKind:
        assert f'"{kind.value}"' in text


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_summary_sentence_cites_segments_that_exist(path):
    made = record(path)
    known = set(made.article.segment_by_id)
    summary = made.summary
    every = [*summary.brief.points, *(each for section in summary.sections for each in section.sentences)]
    assert every
    assert all(each.segments and set(each.segments) <= known for each in every)
