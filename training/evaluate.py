"""How good a model folder is: BLEU and chrF, and how often quotation marks and figures are kept, before any repair."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsbridge.article import FindingKind
from newsbridge.engines.normal import normalise
from newsbridge.engines.runners import search_of
from newsbridge.fidelity import foreign
from training import TrainingError
from training.corpus import MARK

WORDS = 100  # longer segments are left out of the count of marks and figures
END = "</s>"
FIGURES = frozenset(kind for kind in FindingKind if kind.value.startswith("figure"))
FIGURE = re.compile(r"\d[\d.,'’ ]*")


@dataclass(frozen=True, slots=True)
class Score:
    """BLEU and chrF with sacreBLEU's signatures; of how many segments the marks and the figures were kept."""

    bleu: float
    bleu_signature: str
    chrf: float
    chrf_signature: str
    marks: tuple[int, int]  # kept, of segments with pairs of marks
    figures: tuple[int, int]  # kept digit for digit, of segments with a digit
    equal: tuple[int, int]  # kept as newsbridge's check reads figures: "13 Uhr" is "1pm", "2015/2016" two years
    humans: tuple[tuple[int, int], ...]  # each reference: figures kept digit for digit, and as the check reads them
    seconds: float

    def lines(self) -> list[str]:
        """Return what the command prints."""
        return [
            f"BLEU {self.bleu:.1f} ({self.bleu_signature})",
            f"chrF {self.chrf:.1f} ({self.chrf_signature})",
            f"quotation marks kept in {_share(self.marks)} segments",
            f"figures kept in {_share(self.figures)} segments{self._humans(0)}",
            f"as newsbridge reads figures in {_share(self.equal)}{self._humans(1)}",
            f"{self.seconds:.1f} seconds",
        ]

    def _humans(self, column: int) -> str:
        counts = " and ".join(str(each[column]) for each in self.humans)
        return f"; in the references {counts}" if counts else ""


def _share(count: tuple[int, int]) -> str:
    kept, among = count
    return f"{kept} of {among}" + (f" ({kept / among:.1%})" if among else "")


class Decoder:
    """A model folder, run by CTranslate2 in eight bits on the CPU."""

    def __init__(self, folder: Path, *, beam: int = 4, threads: int = 0) -> None:
        import ctranslate2
        import sentencepiece

        if not (folder / "ct2-int8").is_dir():
            raise TrainingError(f"there is no model in {folder}", "name a folder written by python -m training export")
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self._model: Any = ctranslate2.Translator(str(folder / "ct2-int8"), device="cpu", intra_threads=threads)
        self._beam = beam
        generation = folder / "generation_config.json"
        said = search_of(json.loads(generation.read_text(encoding="utf-8"))) if generation.is_file() else {}
        self._penalty = said.get("length_penalty", 1.0)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Return the best hypothesis for each text, in order."""
        results = self._model.translate_batch(
            [[*self._pieces.encode(normalise(text), out_type=str), END] for text in texts],
            beam_size=self._beam,
            length_penalty=self._penalty,
            max_batch_size=2048,
            batch_type="tokens",
            max_decoding_length=250,
        )
        return [self._pieces.decode(result.hypotheses[0]) for result in results]


def read_tests(path: Path, limit: int | None = None) -> tuple[list[str], list[list[str]]]:
    """Read a test set: German, and one or more references, between tabs.

    Returns:
        The German segments, and the references, one list per column.

    Raises:
        TrainingError: if it cannot be read, or the lines differ in their number of columns.
    """
    try:
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()][:limit]
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"cannot read the test set {path}: {error}", "it must be UTF-8 text") from None
    widths = {len(row) for row in rows}
    if len(widths) != 1 or widths < {2}:
        raise TrainingError(
            f"the test set {path} has lines of {sorted(widths)} columns", "put German and its references between tabs"
        )
    source, *references = (list(column) for column in zip(*rows, strict=True))
    return source, references


def score(
    source: Sequence[str], hypotheses: Sequence[str], references: Sequence[Sequence[str]], seconds: float
) -> Score:
    """Score hypotheses.

    Args:
        source: German segments.
        hypotheses: Their English, as the model wrote it.
        references: One list per reference.
        seconds: How long translating took.
    """
    from sacrebleu.metrics import BLEU, CHRF

    bleu, chrf = BLEU(), CHRF()
    bleu_score, chrf_score = (metric.corpus_score(hypotheses, references) for metric in (bleu, chrf))
    short = [
        (german, hypothesis)
        for german, hypothesis in zip(map(normalise, source), hypotheses, strict=True)
        if len(german.split()) <= WORDS
    ]
    quoted = [pair for pair in short if (count := pair[0].count(MARK)) and count % 2 == 0]
    figured = [pair for pair in short if re.search(r"\d", pair[0])]
    humans = [
        [
            (german, theirs)
            for german, theirs in zip(map(normalise, source), column, strict=True)
            if len(german.split()) <= WORDS and re.search(r"\d", german)
        ]
        for column in references
    ]
    return Score(
        bleu_score.score,
        str(bleu.get_signature()),
        chrf_score.score,
        str(chrf.get_signature()),
        (sum(german.count(MARK) == hypothesis.count(MARK) for german, hypothesis in quoted), len(quoted)),
        (_kept(figured), len(figured)),
        (_equal(figured), len(figured)),
        tuple((_kept(pairs), _equal(pairs)) for pairs in humans),
        seconds,
    )


def _kept(pairs: Sequence[tuple[str, str]]) -> int:
    """Count pairs with the same digits; "13 Uhr" and "1pm" have others, and so have human translations now and then."""
    return sum(_figures(german) == _figures(english) for german, english in pairs)


def _equal(pairs: Sequence[tuple[str, str]]) -> int:
    """Count pairs of whose figures newsbridge's own check has nothing to say."""
    found = foreign.check(
        (unicodedata.normalize("NFC", german), unicodedata.normalize("NFC", theirs)) for german, theirs in pairs
    )
    return sum(not any(each.kind in FIGURES for each in findings) for findings in found)


def _figures(text: str) -> list[str]:
    return sorted(re.sub(r"\D", "", figure) for figure in FIGURE.findall(text))


def evaluate(folder: Path, path: Path, *, beam: int = 4, threads: int = 0, limit: int | None = None) -> Score:
    """Translate a test set and score it; see :class:`Decoder`, :func:`read_tests` and :func:`score`."""
    source, references = read_tests(path, limit)
    decoder = Decoder(folder, beam=beam, threads=threads)
    started = time.perf_counter()
    hypotheses = decoder.translate(source)
    return score(source, hypotheses, references, time.perf_counter() - started)
