"""The glossary: read from three formats, found in German in every form, kept to in the English."""

import pytest

from newsbridge import fidelity, glossary, languages, pipeline, reading
from newsbridge.article import FindingKind, Origin
from newsbridge.engines import Hypothesis
from newsbridge.engines.echo import Echo
from newsbridge.glossary import Glossary, GlossaryError, Term

COUNCIL = Term("Bundesrat", ("Federal Council",), "Switzerland")
TBX = """<?xml version="1.0"?><tbx type="TBX-Basic" xmlns="urn:iso:std:iso:30042:ed-2"><text><body>
<conceptEntry id="1"><note>lower house</note>
<langSec xml:lang="de"><termSec><term>Nationalrat</term></termSec></langSec>
<langSec xml:lang="en-GB"><termSec><term>National Council</term></termSec></langSec>
</conceptEntry></body></text></tbx>"""


class Scripted(Echo):
    align = None  # the embedded model aligns what it says

    def __init__(self, answer):
        self.answer = answer

    def translate(self, requests):
        return [(Hypothesis(self.answer, 0.0),) for _ in requests]


def translated(german, english, terms):
    article, ledger = pipeline.read_quotes(reading.read_text(german, language="de")[0])
    (each,) = fidelity.translate(
        article,
        ledger,
        Scripted(english),
        language=languages.load("de"),
        target="en",
        quote_style="american",
        n_best=1,
        glossary=terms,
    )
    return each


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("terms.tsv", "# Schweiz\nsource\ttarget\nNationalrat\tNational Council|lower house\tlower house\n"),
        ("terms.csv", '\ufeffde,en\r\nNationalrat,"National Council",lower house\r\n'),
        ("terms.tbx", TBX),
    ],
)
def test_every_format_is_read(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    (term,) = [each for each in glossary.load(tmp_path / name).terms if each.source == "Nationalrat"]
    assert (term.target, term.note) == ("National Council", "lower house")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("terms.tsv", "Nationalrat\n", "line 1"),
        ("terms.tsv", "Nationalrat\tNational Council\n\t\tx\n", "line 2"),
        ("terms.tbx", "<tbx>", "no XML"),
        ("terms.xlsx", "x", "unknown format"),
    ],
)
def test_what_is_no_glossary_is_named(tmp_path, name, text, said):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(GlossaryError, match=said):
        glossary.load(tmp_path / name)
    with pytest.raises(GlossaryError, match="cannot be read"):
        glossary.load(tmp_path / "fehlt.tsv")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Der Bundesrat tagt.", ["Bundesrat"]),
        ("die Sitzung des Bundesrates", ["Bundesrates"]),
        ("drei Bundesräte und zwei Alt-Bundesräte", ["Bundesräte", "Alt-Bundesräte"]),
        ("die Bundesratswahl", []),
        ("der Verwaltungsrat", []),
        ("Ausschuss für Aussenpolitik", ["Ausschuss für Aussenpolitik"]),
    ],
)
def test_terms_are_found_in_every_form_and_in_no_other_word(text, found):
    terms = Glossary(
        (COUNCIL, Term("Rat", ("council",)), Term("Ausschuss", ("panel",)), Term("Ausschuss für Aussenpolitik", ("x",)))
    )
    assert [each.span.of(text) for each in terms.find(text)] == found


def test_a_term_is_set_where_the_engine_chose_another_word():
    each = translated(
        "Der Bundesrat hat den Plan am Montag abgelehnt.",
        "The government rejected the plan on Monday.",
        Glossary((COUNCIL,)),
    )
    assert each.target == "The Federal Council rejected the plan on Monday."
    assert each.origin is Origin.ALIGN
    assert each.findings == ()


def test_a_term_that_nothing_stands_for_is_a_finding():
    each = translated("Der Bundesrat hat den Plan am Montag abgelehnt.", "It was rejected.", Glossary((COUNCIL,)))
    assert FindingKind.GLOSSARY_MISSED in [finding.kind for finding in each.findings]


def test_the_list_that_ships_is_whole():
    terms = glossary.starter().terms
    assert len(terms) > 60
    assert len({term.source for term in terms}) == len(terms)
    assert glossary.starter("fr").terms == ()
