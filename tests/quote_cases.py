"""Labelled quotations, and the ledger in the shape of their labels.

A case says what a careful reader would; ``cases/quotes.json`` holds them in groups.  Of a quotation it labels:

- ``kind``, and ``text`` without outer marks: a list where somebody else's words stand between the parts.  Reported
  speech has its conjunction, but neither its frame nor a final point;
- ``speaker``: the mention as it stands in the text, with title and apposition; ``resolved``: the name as introduced.
  Null says that there is none; a key left out says that it is not the point of the case;
- ``partial``: true for words inside somebody else's sentence; ``cue`` and ``medium`` where they are the point.

``hearsay`` lists the claims with "sollen" and no source, ``marked`` the pairs of marks that hold no speech.

Where the code does not say what a label says the case stands under "known failures", with the group it belongs to.
``python tests/quote_cases.py`` moves the cured ones to their groups and shows what is wrong with the others.
"""

import json
from pathlib import Path

from newsbridge import pipeline, reading
from newsbridge.writing import listing

PATH = Path(__file__).parent / "cases" / "quotes.json"
GROUPS = json.loads(PATH.read_text(encoding="utf-8"))
KNOWN = GROUPS.pop("known failures")
CASES = [case for cases in GROUPS.values() for case in cases]
MARKS = "„“”»«\"‚‘’›‹'"
ENDS = ".!?…,:; "


def ledger(text):
    """Return what ``quotes --json`` says of a text, and the marked text it does not print."""
    article, found = pipeline.read_quotes(reading.read_text(text, language="de")[0])
    marked = [span.of(article.text) for span in found.marked]
    return listing.quotes_document(article, found, int), marked


def labelled(case, document, marked):
    """Return a ledger in the shape of a case's label: equal to :func:`label` where the two agree."""
    text, rows, quotes = case["text"], document["quotes"], case["quotes"]
    answer = {
        "quotes": [_row(text, row, quotes[at] if at < len(quotes) else {}) for at, row in enumerate(rows)],
        "hearsay": [each["text"].strip(ENDS) for each in document["hearsay"]],
    }
    if "marked" in case:
        answer["marked"] = marked
    return answer


def label(case):
    """Return a case's label, with what goes without saying."""
    quotes = [{"partial": False, **quote, "text": _text(quote["kind"], _parts(quote))} for quote in case["quotes"]]
    answer = {"quotes": quotes, "hearsay": case.get("hearsay", [])}
    if "marked" in case:
        answer["marked"] = case["marked"]
    return answer


def _parts(quote):
    return quote["text"] if isinstance(quote["text"], list) else [quote["text"]]


def _row(text, row, wanted):
    """Return a row of ``quotes --json`` with the keys that the label has; all of them where there is no label."""
    parts = [text[start:end] for start, end in row["spans"]]
    if row["kind"] == "direct":
        parts = [_bare(part) for part in parts]
    asked = wanted or ("speaker", "resolved")
    named = {key: row[key] for key in ("speaker", "resolved", "cue", "medium") if key in asked}
    return {"kind": row["kind"], "text": _text(row["kind"], parts), "partial": row["partial"], **named}


def _bare(part):
    """Take one mark off each end."""
    start, end = part[0] in MARKS, part[-1] in MARKS
    return part[start : len(part) - end]


def _text(kind, parts):
    """Join the parts of a quotation; sentences in the subjunctive that follow each other are one part."""
    if kind == "direct":
        return " […] ".join(part.strip() for part in parts)
    return (" " if kind == "subjunctive" else " […] ").join(parts).rstrip(ENDS)


def _wrong(case):
    """Say in lines what a ledger lacks of a label, and what it has instead."""
    wanted, found = label(case), labelled(case, *ledger(case["text"]))
    lines = []
    for key, value in wanted.items():
        lines += [f"  - {each}" for each in value if each not in found[key]]
        lines += [f"  + {each}" for each in found[key] if each not in value]
    return lines or ([] if found == wanted else ["  in another order"])


def _cure():
    """Move the known failures that fail no more to their groups, and print the rest."""
    left = []
    for case in KNOWN:
        if wrong := _wrong(case):
            left.append(case)
            print(f"{case['group']}: {case['text']}", *wrong, sep="\n")
        else:
            GROUPS[case["group"]].append({key: value for key, value in case.items() if key != "group"})
    print(f"{len(KNOWN) - len(left)} cured, {len(left)} known failures left")
    groups = ",\n".join(
        f" {_json(name)}: {_list(cases)}" for name, cases in (GROUPS | {"known failures": left}).items()
    )
    PATH.write_text(f"{{\n{groups}\n}}\n", encoding="utf-8")


def _json(value):
    return json.dumps(value, ensure_ascii=False)


def _list(cases):
    """One case per line."""
    return "[\n" + ",\n".join(f"  {_json(case)}" for case in cases) + "\n ]" if cases else "[]"


if __name__ == "__main__":
    _cure()
