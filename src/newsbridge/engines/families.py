"""What each family of checkpoints expects around a text; the table is ``families.toml``.

NLLB wants ``deu_Latn`` where M2M100 wants ``__de__`` and MADLAD ``<2en>``; a wrong code fails silently in most of
them.  So a language is a BCP 47 tag everywhere else, is mapped here, and one a checkpoint does not know is an error.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from newsbridge.engines import tokens
from newsbridge.engines.normal import moses
from newsbridge.errors import EngineError

TARGET = re.compile(r">>([\w-]+)<<")
PAIR = re.compile(r"(?:opus-mt|opus-tatoeba|opus)[\w.-]*?-([A-Za-z_]+)-([A-Za-z_]+)$")


@dataclass(frozen=True, eq=False)
class Family:
    """One table of ``families.toml``."""

    name: str
    title: str
    tasks: tuple[str, ...]
    text: str
    encoder: tuple[str, ...]
    decoder: tuple[str, ...]
    limit: int
    codes: Mapping[str, str]
    summary: str = "{text}"
    start: bool = True
    pad: bool = True
    punctuation: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text as a model reads it: the encoder's tokens, and those the decoder begins with."""

    source: tuple[str, ...]
    prefix: tuple[str, ...]


@cache
def families() -> Mapping[str, Family]:
    """Return every family under its name."""
    tables = _tables()
    return {
        name: Family(
            name,
            table["title"],
            tuple(table["tasks"]),
            table["text"],
            tuple(table["encoder"]),
            tuple(table["decoder"]),
            table["limit"],
            dict(each.split(":") for each in table.get("codes", "").split()),
            table.get("summary", "{text}"),
            table.get("start", True),
            table.get("pad", True),
            table.get("punctuation", ""),
        )
        for name, table in tables.items()
        if name != "groups"
    }


@cache
def _tables() -> Mapping[str, Any]:
    text = resources.files("newsbridge.engines").joinpath("families.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def recognise(
    config: Mapping[str, Any], tokenizer: Mapping[str, Any], *, multi: bool = False, madlad: bool = False
) -> Family:
    """Say which family a checkpoint belongs to.

    Args:
        config: Its ``config.json``.
        tokenizer: Its ``tokenizer_config.json``.
        multi: Whether the vocabulary has tokens such as ``>>eng<<``.
        madlad: Whether it has tokens such as ``<2en>``.

    Raises:
        EngineError: if newsbridge cannot run it; the hint names the families it can.
    """
    kind = str(config.get("model_type"))
    by = str(tokenizer.get("tokenizer_class") or config.get("tokenizer_class") or "").removesuffix("Fast")
    name = {
        "marian": "marian-multi" if multi else "marian",
        "m2m_100": "nllb" if by == "NllbTokenizer" else "m2m100",
        "mbart": "mbart50" if by == "MBart50Tokenizer" else "mbart",
        "t5": "madlad" if madlad else "t5",
        "mt5": "madlad" if madlad else "mt5",
    }.get(kind, kind)
    if name not in families():
        known = ", ".join(each.title for each in families().values())
        raise EngineError(f"newsbridge does not run checkpoints of the kind {kind!r}", f"it runs {known}")
    return families()[name]


class Checkpoint:
    """The folder of a checkpoint, with its family and its tokenizer.

    Args:
        folder: With ``config.json`` and the tokenizer's files.
        name: As on the command line; OPUS-MT's names say their languages.
        languages: Those of the model card, as BCP 47 tags.

    Raises:
        EngineError: if it is of no family newsbridge runs, or damaged.
    """

    def __init__(self, folder: Path, name: str = "", languages: Sequence[str] = ()) -> None:
        self.folder = folder
        self.name = name or folder.name
        self.languages = tuple(languages)
        self.config = read_json(folder / "config.json", required=True)
        self.generation = read_json(folder / "generation_config.json")
        told = read_json(folder / "tokenizer_config.json")
        self.tokenizer = tokens.load(folder)
        self.targets = self._targets()
        madlad = "<2en>" in self.tokenizer or f"{tokens.BLANK}<2en>" in self.tokenizer
        self.family = recognise(self.config, told, multi=bool(self.targets), madlad=madlad)
        self.legacy = bool(told.get("legacy_behaviour")) and self.family.name == "nllb"
        self.pair = self._pair(told) if self.family.name.startswith("marian") else ()
        self.prefix = self._own_prefix()

    # ------------------------------------------------------------------------------------------ languages

    def _targets(self) -> tuple[str, ...]:
        path = self.folder / "vocab.json"
        if not path.is_file() or self.config.get("model_type") != "marian":
            return ()
        return tuple(found[1] for token in read_json(path) if (found := TARGET.fullmatch(token)))

    def _pair(self, told: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what a Marian checkpoint says of its languages: codes or groups, source and target."""
        if told.get("source_lang") and told.get("target_lang"):
            return str(told["source_lang"]), str(told["target_lang"])
        if found := PAIR.search(self.name):
            return found[1], found[2]
        return self.languages[:2] if len(self.languages) > 1 else ()

    def code(self, tag: str, role: str) -> str:
        """Return what the checkpoint calls a language.

        Args:
            tag: BCP 47.
            role: ``source`` or ``target``.

        Raises:
            EngineError: if the checkpoint does not know the language, or does not say which it knows.
        """
        found = self._code(tag, role)
        if found is None:
            known = self.known(role)
            hint = f"as {role} it knows {', '.join(known[:40])}" if known else f"it does not say what {role}s it knows"
            raise EngineError(f"{self.name} does not know {tag or 'no language'!r} as its {role} language", hint)
        return found

    def _code(self, tag: str, role: str) -> str | None:
        family = self.family
        if not tag:
            return None
        if family.codes:
            return next((family.codes[each] for each in shorter(tag) if each in family.codes), None)
        if family.name == "madlad":
            if role == "source":
                return tag
            return next((each for each in shorter(tag) if self._has(f"<2{each.replace('-', '_')}>")), None)
        if family.name.startswith("marian"):
            if role == "target" and self.targets:
                return next((each for each in _spellings(tag) if each in self.targets), None)
            said = self.pair[("source", "target").index(role)] if len(self.pair) == 2 else ""
            return tag if _covers(said, tag) else None
        return tag if not self.languages or shorter(tag)[-1] in self.languages else None

    def _has(self, token: str) -> bool:
        return token in self.tokenizer or tokens.BLANK + token in self.tokenizer

    def known(self, role: str) -> tuple[str, ...]:
        """Return the languages a checkpoint knows, as it or its family calls them."""
        if self.family.codes:
            return tuple(self.family.codes)
        if self.family.name.startswith("marian"):
            if role == "target" and self.targets:
                return self.targets
            return tuple(self.pair[("source", "target").index(role)].split("+")) if len(self.pair) == 2 else ()
        return self.languages

    # ------------------------------------------------------------------------------------------ texts

    def _own_prefix(self) -> str:
        """Return the prefix the checkpoint was fine-tuned with for summaries, if it says one."""
        tasks = self.config.get("task_specific_params") or {}
        return str((tasks.get("summarization") or {}).get("prefix") or "")

    @property
    def positions(self) -> int:
        """How many tokens the decoder has places for; 512 where places are relative and nothing says."""
        said = self.config.get("max_position_embeddings")
        return said if isinstance(said, int) and said > 1 else 512

    @property
    def limit(self) -> int:
        """How many tokens the encoder may read, those around the text included."""
        return min(self.family.limit, self.positions)

    def normalise(self, text: str) -> str:
        """Write a text with the punctuation the family was trained on."""
        return moses(text) if self.family.punctuation == "moses" else " ".join(text.split())

    def encode_target(self, text: str) -> list[str]:
        """Return the tokens of a text in the target language."""
        return self.tokenizer.encode_target(self.normalise(text))

    def prepare(self, text: str, source: str, target: str) -> Prepared:
        """Put around a text what the model expects for a translation.

        Raises:
            EngineError: if the checkpoint does not know one of the languages.
        """
        return self._fill(self.family.text, text, self.code(source, "source"), self.code(target, "target"))

    def prepare_summary(self, text: str, language: str) -> Prepared:
        """Put around a text what the model expects for a summary in the text's own language.

        Raises:
            EngineError: if the checkpoint does not know the language.
        """
        template = self.prefix + "{text}" if self.prefix else self.family.summary
        code = self.code(language, "source") if self.family.codes and "mbart" in self.family.name else ""
        prepared = self._fill(template, text, code, code)
        forced = self.generation.get("forced_bos_token_id", self.config.get("forced_bos_token_id"))
        if self.family.name == "bart" and forced is not None:
            return Prepared(prepared.source, ("<s>",))
        return prepared

    def _fill(self, template: str, text: str, source: str, target: str) -> Prepared:
        around = {"source": source, "target": target.replace("-", "_") if self.family.name == "madlad" else target}
        inner = self.tokenizer.encode(template.format(text=text, **around))
        encoder = self.family.encoder
        if self.legacy:
            encoder = ("{text}", "</s>", "{source}")
        before = [item.format(**around) for item in encoder if item != "{text}"]
        prefix = tuple(item.format(**around) for item in self.family.decoder)
        lacking = () if self.family.name == "m2m100" else tokens.missing((*before, *prefix), self.tokenizer)
        if lacking:
            hint = "its files are incomplete or too old; try another revision of it"
            raise EngineError(f"the tokenizer of {self.name} lacks {', '.join(lacking)}", hint)
        at = encoder.index("{text}")
        return Prepared((*before[:at], *inner, *before[at:]), prefix)


def shorter(tag: str) -> list[str]:
    """Return a tag and what it falls back on, longest first (RFC 4647, lookup).

    Example:
        >>> shorter("zh-Hant-TW")
        ['zh-Hant-TW', 'zh-Hant', 'zh']
    """
    parts = [
        part.title() if len(part) == 4 else part.upper() if i and len(part) == 2 else part.lower()
        for i, part in enumerate(tag.replace("_", "-").split("-"))
    ]
    return ["-".join(parts[:stop]) for stop in range(len(parts), 0, -1)]


def _spellings(tag: str) -> list[str]:
    """Return how OPUS-MT may write a language in ``>>…<<``: ISO 639-3, with script, ISO 639-1."""
    found: list[str] = []
    for each in shorter(tag):
        long = families()["nllb"].codes.get(each, "")
        found += [long[:3], long, each.replace("-", "_"), each] if long else [each]
    return [each for each in dict.fromkeys(found) if each]


def _covers(said: str, tag: str) -> bool:
    """Say whether a code or group of OPUS-MT (``de``, ``deu``, ``gmw``, ``de+fr``) covers a language."""
    groups: Mapping[str, str] = _tables()["groups"]
    language = shorter(tag)[-1]
    for each in re.split(r"[+,]", said):
        members = groups.get(each, "").split()
        if members == ["*"] or language in members or each in _spellings(tag):
            return True
    return False


def read_json(path: Path, *, required: bool = False) -> Mapping[str, Any]:
    """Read a JSON file of a checkpoint; one that is not required and missing is empty.

    Raises:
        EngineError: if it is damaged, or required and missing.
    """
    try:
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if not required:
            return {}
        raise EngineError(f"{path.parent} holds no checkpoint: it has no {path.name}", "pull the model again") from None
    except (OSError, ValueError) as error:
        raise EngineError(f"{path} is damaged: {error}", "remove the model and pull it again") from None
    return found
