"""Ways to break a correct pair, and the kinds of finding that must notice each."""

import json
import re
from pathlib import Path

from newsbridge.article import FindingKind as Kind
from newsbridge.fidelity import foreign

PAIRS = json.loads((Path(__file__).parent / "cases" / "pairs.json").read_text(encoding="utf-8"))
STRANGER, ELSEWHERE = "Rossi", "Peru"
MARKED = re.compile("“([^”]+)”")
LOST = frozenset({Kind.QUOTE_LOST, Kind.QUOTE_MERGED})
ASTRAY = frozenset({Kind.QUOTE_MOVED, Kind.QUOTE_GROWN, Kind.QUOTE_LOST, Kind.QUOTE_INVENTED})
FIGURE = frozenset({Kind.FIGURE_CHANGED, Kind.FIGURE_LOST, Kind.FIGURE_INVENTED})
SPEAKER = frozenset({Kind.SPEAKER_CHANGED, Kind.SPEAKER_LOST})
NAME = frozenset({Kind.NAME_LOST, Kind.NAME_TRANSLATED})


def found(pairs):
    """Check pairs of source and target."""
    return list(foreign.check(pairs))


def drop_pair(pair):
    for match in MARKED.finditer(pair["en"]):
        yield pair["en"][: match.start()] + match[1] + pair["en"][match.end() :]


def drop_mark(pair):
    for at, sign in enumerate(pair["en"]):
        if sign in "“”":
            yield pair["en"][:at] + pair["en"][at + 1 :]


def move_marks(pair):
    """Put the marks round the rest of the sentence."""
    if len(MARKED.findall(pair["en"])) == 1:
        match = MARKED.search(pair["en"])
        before, behind = pair["en"][: match.start()].strip(), pair["en"][match.end() :].strip()
        if len(before.split()) > len(behind.split()):
            yield f"“{before}” {match[1]} {behind}".strip()
        else:
            yield f"{before} {match[1]} “{behind}”".strip()


def merge(pair):
    first, *rest = MARKED.finditer(pair["en"]) if MARKED.search(pair["en"]) else (None,)
    if rest:
        inner = pair["en"][first.start() + 1 : rest[0].end() - 1].replace("“", "").replace("”", "")
        yield pair["en"][: first.start()] + f"“{inner}”" + pair["en"][rest[0].end() :]


def grow(pair):
    """Let a partial quotation hold its whole sentence."""
    match = MARKED.search(pair["en"])
    if match and match.start() > 20 and len(MARKED.findall(pair["en"])) == 1:
        yield "“" + pair["en"].replace("“", "").replace("”", "") + "”"


def invent_marks(pair):
    if "“" not in pair["en"]:
        words = pair["en"].split()
        if len(words) > 6:
            yield " ".join([*words[:2], "“" + words[2], words[3] + "”", *words[4:]])


def swap_speaker(pair):
    if "speaker" in pair:
        yield pair["en"].replace(pair["speaker"], STRANGER)


def drop_speaker(pair):
    if "speaker" in pair:
        yield re.sub(rf"(?:\w+ ){{0,2}}{pair['speaker']}\b", "it", pair["en"])


def swap_place(pair):
    if "place" in pair:
        yield pair["en"].replace(pair["place"], ELSEWHERE)


def change_figure(pair):
    if "figure" in pair:
        digits = pair["figure"]
        yield pair["en"].replace(digits, str((int(digits[0]) + 4) % 9 + 1) + digits[1:], 1)
        yield pair["en"].replace(digits, digits + "7", 1)


def drop_figure(pair):
    if "figure" in pair:
        yield pair["en"].replace(pair["figure"], "some", 1)


def million_for_billion(pair):
    for one, other in (("million", "billion"), ("billion", "million")):
        if f" {one} " in pair["en"]:
            yield pair["en"].replace(f" {one} ", f" {other} ")


def drop_negation(pair):
    if "denied" in pair:
        yield pair["en"].replace(*pair["denied"])


def as_fact(pair):
    if "fact" in pair:
        yield pair["fact"]


def leave_german(pair):
    words = pair["de"].split()
    if len(words) > 7:
        yield " ".join([*pair["en"].split()[: len(pair["en"].split()) // 2], *words[len(words) // 2 :]])


def give_german_back(pair):
    if len(pair["de"].split()) > 7:
        yield pair["de"].replace("«", "“").replace("»", "”").replace("„", "“")


def drop_sentence(pair):
    sentences = re.split(r"(?<=[.]) (?=[A-Z])", pair["en"])
    if len(sentences) == 2 and "“" not in pair["en"]:
        yield from sentences


def add_sentence(pair):
    if len(pair["de"].split()) > 5:
        other = PAIRS[(PAIRS.index(pair) + 5) % len(PAIRS)]["en"]
        if len(other.split()) > 7 and "“" not in other:
            yield f"{pair['en']} {other}"


def loop(pair):
    words = pair["en"].split()
    if len(words) > 5:
        yield " ".join([*words[:5], *(words[3:5] * 3), *words[5:]])
        yield " ".join([*words, *(words[-4:] * 2)])


def hallucinate(pair):
    if len(pair["de"].split()) <= 3:
        yield "I would like to thank the Commission for its excellent report on this matter."


def empty(pair):
    yield ""


MUTATIONS = {
    "a pair of marks dropped": (drop_pair, LOST),
    "one mark dropped": (drop_mark, LOST | {Kind.QUOTE_STRAY}),
    "marks round other words": (move_marks, ASTRAY),
    "two quotations become one": (merge, LOST),
    "a partial quotation grows": (grow, ASTRAY),
    "marks invented": (invent_marks, frozenset({Kind.QUOTE_INVENTED})),
    "another speaker": (swap_speaker, SPEAKER),
    "the speaker dropped": (drop_speaker, SPEAKER),
    "another place": (swap_place, NAME),
    "another figure": (change_figure, FIGURE),
    "a figure dropped": (drop_figure, FIGURE),
    "million for billion": (million_for_billion, FIGURE),
    "a negation dropped": (drop_negation, frozenset({Kind.NEGATION_LOST})),
    "a claim becomes a fact": (as_fact, frozenset({Kind.CLAIM_AS_FACT})),
    "half of it left in German": (leave_german, frozenset({Kind.RESIDUE_SOURCE})),
    "all of it left in German": (give_german_back, frozenset({Kind.RESIDUE_SOURCE})),
    "a sentence dropped": (drop_sentence, frozenset({Kind.DROPPED_TEXT})),
    "a sentence added": (add_sentence, frozenset({Kind.INVENTED_TEXT})),
    "a loop": (loop, frozenset({Kind.LOOP_REPEATED})),
    "a short line becomes a long one": (hallucinate, frozenset({Kind.INVENTED_TEXT})),
    "nothing": (empty, frozenset({Kind.DROPPED_TEXT})),
}
