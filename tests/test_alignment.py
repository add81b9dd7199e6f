"""Word alignment: from attention, from the embedded model reading a given pair, and by looks alone."""

import json
from pathlib import Path

import pytest

from newsbridge import alignment
from newsbridge.engines import Hypothesis, registry

PAIRS = json.loads((Path(__file__).parent / "cases" / "alignment.json").read_text(encoding="utf-8"))


def gold(pair):
    """Return source, target, and the links a person made: (source word, target word)."""
    words, links = [], set()
    for number, item in enumerate(pair["en"].split()):
        word, _, faced = item.partition("/")
        words.append(word)
        links |= {(int(each) - 1, number) for each in faced.split(",") if each}
    return pair["de"], " ".join(words), links


def error_rate(alignments):
    """Return the alignment error rate (Och and Ney 2003) with every link sure: 0 is perfect, 1 is nothing right."""
    made = found = right = 0
    for pair, each in zip(PAIRS, alignments, strict=True):
        links = {(source, target) for target, source in enumerate(each.best) if source is not None}
        sure = gold(pair)[2]
        made, found, right = made + len(links), found + len(sure), right + len(links & sure)
    return 1 - 2 * right / (made + found)


@pytest.fixture(scope="module")
def embedded():
    return registry.translator("embedded", beam=1, n_best=1, device="cpu", threads=1)


def test_the_hand_made_links_are_enough_and_whole():
    assert len(PAIRS) >= 60
    for pair in PAIRS:
        source, target, links = gold(pair)
        assert all(s < len(source.split()) and t < len(target.split()) for s, t in links)


def test_the_embedded_model_aligns_pairs_it_did_not_translate(embedded):
    """A new checkpoint has other heads: `python benchmarks/alignment.py --choose` says which, for models/convert.py."""
    pairs = [gold(pair)[:2] for pair in PAIRS]
    by_model = error_rate(alignment.align(pairs, embedded))
    by_looks = error_rate(alignment.align(pairs, None))
    assert by_model < 0.17
    assert by_model < by_looks / 2


def test_marks_change_no_alignment(embedded):
    bare = ("Wir bauen heute, sagte Kern.", "We build today, said Kern.")
    marked = ("«Wir bauen heute», sagte Kern.", "“We build today,” said Kern.")
    one, other = alignment.align([bare, marked], embedded)
    assert one.best == other.best
    assert [span.of(marked[1]) for span in other.target] == ["“We", "build", "today,”", "said", "Kern."]


def test_strange_pairs_are_aligned_too(embedded):
    pairs = [("", ""), ("Ja.", ""), ("", "Yes."), ("«»", "“”"), ("Wort " * 520, "word " * 520), ("漢字 🙂", "kanji 🙂")]
    shapes = [each.weights.shape for each in alignment.align(pairs, embedded)]
    assert shapes == [(0, 0), (0, 1), (1, 0), (0, 0), (520, 520), (2, 2)]


def test_rows_are_no_more_than_whole(embedded):
    for aligner in (embedded, None):
        for each in alignment.align([gold(pair)[:2] for pair in PAIRS[:20]], aligner):
            assert (each.weights >= 0).all()
            assert (each.weights.sum(axis=1) < 1.001).all()


def test_attention_of_an_engine_is_read_by_words():
    hypothesis = Hypothesis(
        "We build .",
        0.0,
        ("▁W", "ir", "▁bauen", "▁."),
        ("▁We", "▁bu", "ild", "▁."),
        ((0.5, 0.3, 0.1, 0.1), (0.1, 0.1, 0.7, 0.1), (0.0, 0.0, 0.9, 0.1), (0.1, 0.1, 0.1, 0.7)),
    )
    read = alignment.from_hypothesis("Wir bauen .", hypothesis)
    assert read.best == (0, 1, 2)
    assert read.facing == ((0,), (1,), (2,))
    assert read.weights[1].tolist() == pytest.approx([0.1, 0.8, 0.1], abs=1 / 256)


def test_attention_of_other_pieces_is_not_read():
    assert alignment.from_hypothesis("Wir bauen", Hypothesis("We build", 0.0)) is None
    wrong = Hypothesis("We build", 0.0, ("▁Wir",), ("▁We", "▁build"), ((1.0,), (1.0,)))
    assert alignment.from_hypothesis("Wir bauen", wrong) is None


def test_names_and_figures_face_themselves():
    (each,) = alignment.align([("Am 14. Mai kam Frau Tokajewa an.", "Ms Tokajewa arrived on 14 May.")], None)
    facing = [each.source[s].of("Am 14. Mai kam Frau Tokajewa an.") for s in each.best if s is not None]
    assert "Tokajewa" in facing
    assert "14." in facing
