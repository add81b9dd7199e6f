"""Text to tokens and back, with the checkpoint's own tokenizer and without importing transformers.

Tokens are strings: CTranslate2 wants them so, and a person can read them.  The tests hold both classes to what
transformers makes of the same text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from newsbridge.errors import EngineError

BLANK = "▁"  # what SentencePiece writes for a blank


class Tokenizer(Protocol):
    """What both kinds can do."""

    def encode(self, text: str) -> list[str]:
        """Return the tokens of a text, without any that stand for a language or an end."""
        ...

    def encode_target(self, text: str) -> list[str]:
        """Return the tokens of a text on the other side; the same where both sides share a model."""
        ...

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of tokens; those that are no text are left out."""
        ...

    def __contains__(self, token: str) -> bool:
        """Say whether a token is in the vocabulary."""
        ...


class Pieces:
    """SentencePiece models beside a ``vocab.json``: Marian and M2M100."""

    def __init__(self, folder: Path) -> None:
        import json

        import sentencepiece

        def load(name: str) -> Any:
            return sentencepiece.SentencePieceProcessor(model_file=str(folder / name))

        if (folder / "source.spm").is_file():
            self._source, self._target = load("source.spm"), load("target.spm")
        else:
            self._source = self._target = load("sentencepiece.bpe.model")
        vocabulary = set(json.loads((folder / "vocab.json").read_text(encoding="utf-8")))
        other = folder / "target_vocab.json"  # where source and target have one each
        targets = set(json.loads(other.read_text(encoding="utf-8"))) if other.is_file() else vocabulary
        self._vocabulary = vocabulary | targets
        self._known = {self._target.id_to_piece(i) for i in range(self._target.get_piece_size())}

    def encode(self, text: str) -> list[str]:
        """Return the pieces of the source model; one the vocabulary lacks is left for the model's <unk>."""
        found: list[str] = self._source.encode(text, out_type=str)
        return found

    def encode_target(self, text: str) -> list[str]:
        """Return the pieces of the target model."""
        found: list[str] = self._target.encode(text, out_type=str)
        return found

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of the target model's pieces."""
        text: str = self._target.decode([each for each in tokens if each in self._known and not _special(each)])
        return text.replace(BLANK, " ").strip()

    def __contains__(self, token: str) -> bool:
        return token in self._vocabulary


class Fast:
    """A ``tokenizer.json``: NLLB, mBART, T5, BART, PEGASUS."""

    def __init__(self, folder: Path) -> None:
        import tokenizers

        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def encode(self, text: str) -> list[str]:
        """Return the tokens of a text."""
        found: list[str] = self._tokenizer.encode(text, add_special_tokens=False).tokens
        return found

    encode_target = encode

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of tokens; PEGASUS writes ``<n>`` for a line feed."""
        ids = [i for i in map(self._tokenizer.token_to_id, tokens) if i is not None]
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True)
        return text.replace("<n>", "\n").strip()

    def __contains__(self, token: str) -> bool:
        return self._tokenizer.token_to_id(token) is not None


def spelled(folder: Path) -> bool:
    """Say whether a checkpoint has SentencePiece models beside a ``vocab.json``, as Marian and M2M100 do."""
    pieces = (folder / name for name in ("source.spm", "sentencepiece.bpe.model"))
    return (folder / "vocab.json").is_file() and any(path.is_file() for path in pieces)


def load(folder: Path) -> Tokenizer:
    """Load the tokenizer of a checkpoint.

    Raises:
        EngineError: if its files are missing or damaged.
    """
    try:
        return Pieces(folder) if spelled(folder) else Fast(folder)
    except Exception as error:  # tokenizers raises bare exceptions
        raise EngineError(
            f"the tokenizer in {folder} would not load: {error}", "remove the model and pull it again"
        ) from None


def _special(token: str) -> bool:
    return token in ("<s>", "</s>", "<unk>", "<pad>")


def missing(tokens: Iterable[str], tokenizer: Tokenizer) -> list[str]:
    """Return the tokens a vocabulary lacks, each once, in order."""
    return [each for each in dict.fromkeys(tokens) if each not in tokenizer]
