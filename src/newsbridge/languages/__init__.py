"""What we know about a language, as data.

One TOML file per language, one table per module that reads it: ``[sentences]`` is for sentences.py, ``[sections]``
for sections.py, ``[quotes]`` for quotes/ and so on.  A module compiles its table once per language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from newsbridge.errors import NewsbridgeError


@dataclass(frozen=True, eq=False)
class Language:
    """One language's file; two loads of the same code are the same object, so rules can be cached by it."""

    code: str  # BCP 47: "de"
    name: str  # in English: "German"
    tables: Mapping[str, Any]

    def table(self, name: str) -> Mapping[str, Any]:
        """Return the table a module reads.

        Raises:
            NewsbridgeError: if the language's file has no such table yet.
        """
        try:
            found: Mapping[str, Any] = self.tables[name]
        except KeyError:
            raise NewsbridgeError(
                f"languages/{self.code}.toml has no table [{name}]",
                f"add [{name}] as in languages/de.toml to read {self.name} articles",
            ) from None
        return found


def available() -> tuple[str, ...]:
    """Return the codes of the languages that ship, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name[:-5] for file in files if file.name.endswith(".toml")))


@cache
def load(code: str) -> Language:
    """Load a language by its BCP 47 tag; the region is not looked at (``de-CH`` is ``de``).

    Raises:
        NewsbridgeError: if no such language ships.
    """
    base = code.split("-")[0].lower()
    if base != code:
        return load(base)
    file = resources.files(__name__) / f"{base}.toml"
    if not file.is_file():
        known = ", ".join(available())
        raise NewsbridgeError(f"no language data for {code!r}", f"newsbridge knows {known}")
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return Language(base, str(tables["name"]), tables)
