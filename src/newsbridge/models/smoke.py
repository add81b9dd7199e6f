"""Does a model say anything sensible?  A few plain sentences, asked before it is stored and by ``models test``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from newsbridge import store
from newsbridge.engines import Hypothesis, Request
from newsbridge.errors import EngineError

TARGETS = ("en", "de", "fr", "it")  # asked for in this order
LOOP = 0.3  # different words per word; fewer, and the model repeats itself
FAULTY = 2  # answers that may not be wrong; one may, with a small model
HINT = (
    "try --quantization float32, or another revision (NAME@REVISION); to store it all the same, add --no-test; "
    "if it was fine before, remove it and pull it again"
)


@cache
def questions() -> Mapping[str, Any]:
    """Return the sentences and the text of each language, by BCP 47 tag."""
    text = resources.files("newsbridge.models").joinpath("smoke.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def test(model: store.Model, **settings: Any) -> str:
    """Ask a model a few things.

    Args:
        model: In the store, or on its way there.
        settings: ``runner``, ``device``, ``threads``, ``dtype``; see the engines.

    Returns:
        What was asked and answered, one line, to be shown.

    Raises:
        EngineError: if it would not load, or answers with rubbish; the message quotes it.
    """
    said = _translates(model, settings) if "translation" in model.tasks else _summarises(model, settings)
    return f"{model.name}: {said}"


def _translates(model: store.Model, settings: Mapping[str, Any]) -> str:
    from newsbridge.engines.seq2seq import open_model

    engine: Any
    if model.family:
        engine = open_model(model, **settings)
        source, target = pair(engine.checkpoint)
    else:
        from newsbridge.engines import registry

        engine = registry.translator(model.name, **settings)
        source, target = model.languages
    asked = questions()[source]["sentences"]
    answers = engine.translate([Request(each, source, target) for each in asked])
    judge(model.name, asked, [each[0] for each in answers], target)
    return f"{source} → {target}: {asked[0]} → {answers[0][0].text}"


def pair(checkpoint: Any) -> tuple[str, str]:
    """Choose two languages a checkpoint knows, as BCP 47 tags.

    Raises:
        EngineError: if it knows none that newsbridge has sentences in.
    """
    for source in questions():
        for target in TARGETS:
            try:
                checkpoint.prepare("", source, target)
            except EngineError:
                continue
            if source != target:
                return source, target
    raise EngineError(
        f"{checkpoint.name} translates between languages newsbridge cannot test it in",
        f"it has sentences in {', '.join(questions())}; --no-test stores the model untested",
    )


def _summarises(model: store.Model, settings: Mapping[str, Any]) -> str:
    from newsbridge.engines.summarising import open_writer

    writer = open_writer(model, **settings)
    language = next((each for each in model.languages if each in questions()), "en")
    text = " ".join(questions()[language]["text"].split())
    (answer,) = writer.write([text], language)
    judge(model.name, [text], [answer], language, figures=False)
    return f"{language}: {answer.text}"


def judge(name: str, asked: Sequence[str], answers: Sequence[Hypothesis], target: str, *, figures: bool = True) -> None:
    """Say whether answers can be what a working model gives.

    Raises:
        EngineError: if most are empty, endless, repeat themselves, lose the figure, are all the same, or are not in
            the target language.
    """
    found = [next(faults(text, answer, figures=figures), "") for text, answer in zip(asked, answers, strict=True)]
    texts = [answer.text for answer in answers]
    wrong = [(texts[i], each) for i, each in enumerate(found) if each]
    if len(wrong) >= min(FAULTY, len(asked)):
        text, fault = wrong[0]
        raise EngineError(f"{name} answers with rubbish: {_cut(text)} ({fault})", HINT)
    if len(texts) > 1 and len(set(texts)) == 1:
        raise EngineError(f"{name} answers everything with {_cut(texts[0])}", HINT)
    from newsbridge.reading.language import KNOWN, identify

    spoken = identify(" ".join(texts))[0]
    if target in KNOWN and spoken != target:
        raise EngineError(
            f"{name} was asked for {KNOWN[target]} and answers in {KNOWN[spoken]}: {_cut(texts[0])}", HINT
        )


def faults(asked: str, answer: Hypothesis, *, figures: bool = True) -> Iterator[str]:
    """Yield what is wrong with one answer, in a few words."""
    words = re.findall(r"\w+", answer.text.casefold())
    if not words:
        yield "it is empty"
        return
    if not answer.complete:
        yield "it never ends"
    if len(words) > 6 and len(set(words)) < LOOP * len(words):
        yield "it repeats itself"
    if figures and not set(re.findall(r"\d+", asked)) & set(re.findall(r"\d+", answer.text)):
        spelled = re.search(r"\b(?:nine|twelve|neun|zwölf|neuf|douze|nove|dodici)\b", answer.text.casefold())
        if not spelled:
            yield "its figure is gone"
    if len(words) > 4 * len(asked.split()):
        yield "it is far too long"


def _cut(text: str) -> str:
    return f"«{text[:80]}{'…' if len(text) > 80 else ''}»"
