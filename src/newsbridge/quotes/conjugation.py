"""Conjugation: the forms of a verb of saying that news uses, from its lemma: "vor|werfen", "warf", "vorgeworfen"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class FormKind(StrEnum):
    """Which form of a verb a word is."""

    PRESENT = "present"
    PAST = "past"
    KONJUNKTIV = "konjunktiv"  # Konjunktiv I: "sage"
    PARTICIPLE = "participle"  # "gesagt", "vorgeworfen"
    INFINITIVE = "infinitive"  # "sagen"; with a particle also "vorzuwerfen"


FINITE = frozenset({FormKind.PRESENT, FormKind.PAST, FormKind.KONJUNKTIV})


@dataclass(frozen=True, slots=True, eq=False)
class Verb:
    """One lemma of saying.

    ``takes`` holds what it reports with: ``that``, ``second`` (a verb-second clause), ``zu``, ``whether`` and
    ``after`` ("…, sagte er").  ``needs`` are words that must stand in its clause ("davon" of "davon aus|gehen"),
    casefolded.
    """

    lemma: str  # "vor|werfen", "sich äussern"
    klass: str  # say, blame, demand, think, …
    takes: frozenset[str]
    particle: str = ""
    needs: tuple[str, ...] = ()
    reflexive: bool = False

    @property
    def plain(self) -> bool:
        """Whether it does nothing but report speech ("sagen"; not "loben")."""
        return self.klass == "say"


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What a word may be: a form of ``verb``.

    ``plural`` is None where the form does not tell; ``joined`` says that the particle is in the word.
    """

    verb: Verb
    kind: FormKind
    plural: bool | None = None
    joined: bool = True


def read_verb(lemma: str, klass: str, takes: frozenset[str]) -> tuple[Verb, str]:
    """Read "sich davon aus|gehen" into a verb and its base ("gehen")."""
    *words, last = lemma.casefold().split(" ")
    particle, _, base = last.rpartition("|")
    needs = tuple(word for word in words if word != "sich")
    return Verb(lemma, klass, takes, particle, needs, "sich" in words), base


def _needs_e(stem: str) -> bool:
    """Say whether m or n at the end needs a vowel behind it: "rechnet", "öffnet", but "lernt", "ahnt"."""
    return stem.endswith("chn") or (stem[-1] in "mn" and stem[-2] not in "aeiouäöürlhmn")


class Conjugator:
    """Builds the forms that news uses: third person, participle, infinitive."""

    def __init__(self, parts: Iterable[str], prefixes: tuple[str, ...]) -> None:
        self.parts = {line.split()[0].casefold(): tuple(line.casefold().split()) for line in parts}
        self.prefixes = prefixes

    def principal(self, base: str) -> tuple[str, str, str]:
        """Return third person present, third person preterite and participle of a verb without particle."""
        if base in self.parts:
            _, present, past, participle = self.parts[base]
            return present, past, participle
        for prefix in self.prefixes:
            rest = base.removeprefix(prefix)
            if rest != base and rest in self.parts:
                _, present, past, participle = self.parts[rest]
                return prefix + present, prefix + past, prefix + participle.removeprefix("ge")
        stem = base.removesuffix("n").removesuffix("e")
        joint = "e" if stem.endswith(("t", "d")) or _needs_e(stem) else ""
        plain = base.endswith("ieren") or base.startswith(self.prefixes)
        return f"{stem}{joint}t", f"{stem}{joint}te", f"{'' if plain else 'ge'}{stem}{joint}t"

    def forms(self, verb: Verb, base: str) -> Iterable[tuple[str, Form]]:
        """Yield every form with what it may be."""
        present, past, participle = self.principal(base)
        konjunktiv = base.removesuffix("n") if base.endswith("en") else base.removesuffix("n") + "e"
        plural = past + "n" if past.endswith("e") else past + "en"
        finite = (
            (present, FormKind.PRESENT, False),
            (past, FormKind.PAST, False),
            (plural, FormKind.PAST, True),
            (konjunktiv, FormKind.KONJUNKTIV, False),
        )
        apart = not verb.particle
        for word, kind, many in finite:
            yield word, Form(verb, kind, many, apart)
        yield base, Form(verb, FormKind.PRESENT, True, apart)
        yield base, Form(verb, FormKind.INFINITIVE, None, apart)
        yield participle, Form(verb, FormKind.PARTICIPLE, None, apart)
        if verb.particle:
            for word, kind, many in finite:
                yield verb.particle + word, Form(verb, kind, many)
            yield verb.particle + base, Form(verb, FormKind.PRESENT, True)
            yield verb.particle + base, Form(verb, FormKind.INFINITIVE)
            yield f"{verb.particle}zu{base}", Form(verb, FormKind.INFINITIVE)
            yield verb.particle + participle, Form(verb, FormKind.PARTICIPLE)
