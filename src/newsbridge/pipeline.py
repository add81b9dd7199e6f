"""bridge(): the whole journey on one screen."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from newsbridge import __version__, fidelity, languages, quotes, sections, sentences
from newsbridge.article import Article, Ledger
from newsbridge.engines import Translator
from newsbridge.glossary import Glossary
from newsbridge.record import Provenance, Record
from newsbridge.summary import Summarizer


def bridge(
    article: Article,
    translator: Translator,
    summarizer: Summarizer,
    *,
    target: str = "en",
    quote_style: str = "american",
    n_best: int = 4,
    glossary: Glossary | None = None,
) -> Record:
    """Take one article all the way: sections, quotations, translation, checks, brief.

    Args:
        article: As :mod:`newsbridge.reading` made it, not divided yet.
        translator: The engine; it is called with every segment of the article, and with the parts of those that split.
        summarizer: Who writes section summaries and brief.
        target: BCP 47 tag of the target language.
        quote_style: House style of the target's quotation marks: american, british, or source.
        n_best: How many hypotheses the ladder may choose from, at least 1.
        glossary: Terms the target must have.

    Returns:
        The record.  Equal arguments give equal records.

    Raises:
        EngineError: if the engine fails.
        NewsbridgeError: if a language has no data.
    """
    language = languages.load(article.language)
    article, ledger = read_quotes(article)
    translations = fidelity.translate(
        article,
        ledger,
        translator,
        language=language,
        target=target,
        quote_style=quote_style,
        n_best=n_best,
        glossary=glossary,
    )
    renderings = fidelity.render(article, ledger, translations, quote_style=quote_style)
    summary = summarizer.summarise(
        article,
        ledger,
        {translation.segment: translation for translation in translations},
        {rendering.quotation: rendering for rendering in renderings},
    )
    return Record(
        article=replace(article, findings=()),
        ledger=replace(ledger, findings=()),
        translations=translations,
        renderings=renderings,
        summary=summary,
        findings=article.findings + ledger.findings,
        provenance=provenance(translator, summarizer, quote_style=quote_style, n_best=n_best),
        target_language=target,
        quote_style=quote_style,
    )


def read_sections(article: Article) -> Article:
    """Divide an article into sections, blocks and segments."""
    language = languages.load(article.language)
    return sentences.segment(sections.divide(article, language), language)


def read_quotes(article: Article) -> tuple[Article, Ledger]:
    """Divide an article and find who said what in it.

    The garbage collector waits meanwhile: its passes over ever more words let a long article take more than its share.
    """
    with _uncollected():
        article = read_sections(article)
        return article, quotes.find(article, languages.load(article.language))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from passing over what one article needs until the end anyway."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def settle() -> None:
    """Take what is loaded by now, the compiled rules above all, out of the garbage collector's sight.

    For a process that reads many articles, once the first are read: otherwise every full pass of the collector goes
    over the rules, which stay anyway.
    """
    gc.collect()
    gc.freeze()


def provenance(translator: Translator, summarizer: Summarizer, *, quote_style: str, n_best: int) -> Provenance:
    """Say what made a record, as far as the engine tells: ``model``, ``license`` and ``settings`` are optional."""
    return Provenance(
        tool=f"newsbridge {__version__}",
        engine=translator.name,
        model=getattr(translator, "model", translator.name),
        revision=translator.revision,
        license=getattr(translator, "license", ""),
        summarizer=summarizer.name,
        settings={
            **getattr(translator, "settings", {}),
            "n_best": n_best,
            "quote_style": quote_style,
            "settings_hash": translator.settings_hash,
            **({"summary": dict(said)} if (said := getattr(summarizer, "settings", None)) else {}),
        },
    )
