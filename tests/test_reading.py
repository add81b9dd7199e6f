"""Bytes become an Article, or a message that says what is wrong with them."""

import hashlib
import os
import random
import sys
import time
import unicodedata
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbridge import languages, reading
from newsbridge.article import MASK, Article, Shape
from newsbridge.errors import ArticleError
from newsbridge.reading import header, language, markdown
from newsbridge.reading.offsets import normalise
from newsbridge.spans import Span

SAMPLES = Path(__file__).parent.parent / "samples"
TEXT = "Der Ständerat hat «Nein» gesagt – zum dritten Mal. „Das genügt“, sagte Kühn aus Zürich.\n"
LONG = TEXT * 5


def read(text: str, **settings: object) -> Article:
    return reading.read_bytes(text.encode(), path=None, **settings)


# ------------------------------------------------------------------------------------------------------- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_an_encoding_is_recognised(encoding):
    data = TEXT.encode(encoding)
    article = reading.read_bytes(data, path="a.txt")
    assert article.text == TEXT
    assert article.sha256 == hashlib.sha256(data).hexdigest()


def test_latin_1_without_any_of_windows_own_signs_is_recognised():
    text = "Der Ständerat hat «Nein» gesagt, zum dritten Mal in dieser Woche."
    assert reading.read_bytes(text.encode("latin-1"), path=None).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "utf-16", "cp1252", "windows-1252", "mac-roman", "iso8859-15"])
def test_an_encoding_can_be_named(encoding):
    text = "Der Ständerat hat Nein gesagt, zum dritten Mal in dieser Woche."
    assert reading.read_bytes(text.encode(encoding), path=None, encoding=encoding).text == text


def test_a_mark_is_dropped_where_utf_8_is_named():
    assert reading.read_bytes(TEXT.encode("utf-8-sig"), path=None, encoding="utf-8").text == TEXT


@pytest.mark.parametrize(
    ("data", "encoding", "said"),
    [
        (TEXT.encode("cp1252"), "utf-8", "a.txt is not in utf-8 at byte 6"),
        (TEXT.encode(), "ascii", "a.txt is not in ascii at byte 6"),
        (TEXT.encode(), "latin-1", "a.txt is in UTF-8, not in latin-1"),
        (TEXT.encode(), "no-such", "no encoding named 'no-such'"),
        (TEXT.encode(), "rot13", "no encoding named 'rot13'"),
        (TEXT.encode(), "base64", "no encoding named 'base64'"),
        (TEXT.encode(), "\0", "no encoding named '\\x00'"),
    ],
)
def test_a_wrong_encoding_is_an_error_that_names_others(data, encoding, said):
    with pytest.raises(ArticleError) as caught:
        reading.read_bytes(data, path="a.txt", encoding=encoding)
    assert caught.value.message == said
    assert "utf-8" in caught.value.hint


def test_damaged_utf_8_is_not_read_as_windows_1252():
    data = LONG.encode().replace("Zürich".encode(), b"Z\xfcrich", 1)
    with pytest.raises(ArticleError, match=r"UTF-8, but damaged in line 1 \(byte \d+\)"):
        reading.read_bytes(data, path=None)


def test_line_ends_become_line_feeds_and_the_bytes_keep_their_digest():
    data = b"Das ist eins.\r\nDas ist zwei.\rDas ist drei.\r\r\nEnde."
    article = reading.read_bytes(data, path=None)
    assert article.text == "Das ist eins.\nDas ist zwei.\nDas ist drei.\n\nEnde."
    assert article.sha256 == hashlib.sha256(data).hexdigest()


def test_a_few_control_characters_are_masked_and_stay_in_the_text():
    article = read("Der Rat \x1b[31mtagt\x07 am Montag.")
    assert "\x1b" in article.text
    assert article.words(Span(0, len(article.text))) == "Der Rat [31mtagt am Montag."


# ---------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n\t", "is empty"),
        ("\u200b\n".encode(), "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is a PNG image, not text"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "is a JPEG image, not text"),
        (b"%PDF-1.7\n", "is a PDF file, not text"),
        (b"PK\x03\x04\x14\0", "is a ZIP, Word or LibreOffice file, not text"),
        (b"{\\rtf1\\ansi", "is an RTF file, not text"),
        (b"Der Rat\0tagt.", "is not text: it holds NUL"),
        (bytes(range(1, 32)) * 9, "is not text"),
        (random.Random(1).randbytes(4000), "is not text"),
        (b"\x81\x8d\x8f\x90 abc", "is neither UTF-8 nor Windows-1252"),
        (b"\xff\xfea", "is damaged"),
        (b"<!DOCTYPE html><html><body>Der Rat tagt.", "is a web page"),
        (b'{\n  "schema": "newsbridge/1",', "was written by newsbridge"),
        (b"123 456", "holds no words"),
    ],
)
def test_what_is_no_article_is_refused_by_name(data, said):
    with pytest.raises(ArticleError) as caught:
        reading.read_bytes(data, path="ordner/a.txt")
    assert caught.value.message.startswith(f"ordner/a.txt {said}")
    assert caught.value.hint


def test_stdin_is_called_stdin_in_messages():
    with pytest.raises(ArticleError, match=r"^stdin is empty$"):
        reading.read_bytes(b"", path=None)


FOREIGN = {
    "English": "The council decided on Monday that the bridge will be closed. Repairs are going to take two years.",
    "French": "Le conseil a décidé lundi que le pont sera fermé. Les travaux dureront deux ans, selon la mairie.",
    "Italian": "Il consiglio ha deciso lunedì che il ponte sarà chiuso. I lavori dureranno due anni, dice il sindaco.",
}


@pytest.mark.parametrize(("name", "text"), FOREIGN.items())
def test_another_language_is_refused_by_its_name(name, text):
    with pytest.raises(ArticleError) as caught:
        read(text * 3)
    assert caught.value.message == f"stdin is in {name}, not in German"
    assert "--from de" in caught.value.hint


@pytest.mark.parametrize(
    "text", ["市议会星期一决定关闭这座桥。", "Городской совет решил закрыть мост.", "مجلس المدينة قرر"]
)
def test_another_script_is_refused_however_short(text):
    with pytest.raises(ArticleError, match="is not German: most of its letters are not Latin"):
        read(text)


def test_german_with_foreign_names_is_german():
    text = "In Kiew (Київ) sagte der Bürgermeister, die Lage in 北京 sei ihm unbekannt."
    article = read(text)
    assert (article.language, article.text) == ("de", text)


@pytest.mark.parametrize("text", ["Ja.", "Okay, see you.", "«Wir bauen», sagte Kühn.", "BRÜCKE GESPERRT"])
def test_a_short_text_has_the_benefit_of_the_doubt(text):
    assert read(text).language == "de"


@pytest.mark.parametrize("settings", [{"language": "de"}, {"language": "de-CH"}])
def test_a_language_that_is_given_is_believed(settings):
    assert read(FOREIGN["English"] * 3, **settings).language == "de"


@pytest.mark.parametrize("text", FOREIGN.values())
def test_another_language_never_passes_at_a_glance(text):
    assert not language.is_clear(text * 3)


def test_german_that_is_clear_needs_no_model(monkeypatch):
    monkeypatch.setattr(language, "_identifier", None)
    text = "Der Rat hat am Montag beschlossen, dass die Brücke für zwei Jahre gesperrt wird. Das ist nicht neu. "
    assert read(text * 2).language == "de"


def test_the_samples_are_german():
    for name in ("000_334f0a9f5df88d9b.txt", "wire-report.txt", "feature.md", "interview.txt"):
        assert reading.read_file(SAMPLES / name).language == "de"


def test_a_file_that_is_not_there_a_folder_and_a_path_below_a_file(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    for path, said in [("b.txt", "does not exist"), ("", "is a folder"), ("a.txt/b.txt", "does not exist")]:
        with pytest.raises(ArticleError, match=said) as caught:
            reading.read_file(tmp_path / path)
        assert caught.value.hint


def test_a_path_with_nul_is_an_error_not_a_crash():
    with pytest.raises(ArticleError):
        reading.read_file(Path("a\0b.txt"))


# --------------------------------------------------------------------------------------------------------- offsets


def test_offsets_lead_back_to_decomposed_letters_and_carriage_returns():
    given_text = unicodedata.normalize("NFD", "\ufeffÄrger in Zürich.\r\n\r\n«Das genügt», sagte Kühn.\r\n")
    article, offsets = reading.read_text(given_text, check_language=False)
    assert article.text == "Ärger in Zürich.\n\n«Das genügt», sagte Kühn.\n"
    begin, end = article.text.index("«"), article.text.index("»") + 1
    assert given_text[offsets(begin) : offsets(end)] == unicodedata.normalize("NFD", "«Das genügt»")
    assert offsets(len(article.text)) == len(given_text)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.text(
        "aeu\u0308\u0323\u0301\u0344äẹ\r\n\u1100\u1161\u11a8가й\u0306и한\u0958\ufb1d«»🙂\ufeffΩ\u2126\u212b",
        max_size=30,
    )
)
def test_normalising_is_nfc_and_offsets_go_up_to_the_end(text):
    ours, offsets = normalise(text)
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert ours == unicodedata.normalize("NFC", plain)
    places = [offsets(at) for at in range(len(ours) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(text)
    for begin in range(len(ours)):
        if ours[begin].isascii() and ours[begin] != "\n" and (begin + 1 == len(ours) or ours[begin + 1].isascii()):
            assert text[offsets(begin)] == ours[begin]


def test_lone_surrogates_become_replacement_characters():
    article, offsets = reading.read_text("Der Rat \ud83d tagt.", check_language=False)
    assert article.text == "Der Rat \ufffd tagt."
    assert offsets(10) == 10


@pytest.mark.parametrize("piece", ["a\u0323\u0301", "\u0301\u0323", "\r\n", "й", "\u1100\u1161", "\ud800"])
def test_normalising_takes_linear_time(piece):
    began = time.perf_counter()
    normalise("a" + piece * (400_000 // len(piece)))
    assert time.perf_counter() - began < 4


def test_text_with_nul_is_refused():
    with pytest.raises(ArticleError, match="holds NUL"):
        reading.read_text("Der Rat\0tagt.")


# --------------------------------------------------------------------------------------------------------- headers

BODY = "Das weiss man über die Lage: Aus der Stadt werden Unruhen gemeldet. Die Lage ist unklar."


@pytest.mark.parametrize(
    ("front", "wanted"),
    [
        (" date 2022-01 ", {"date": "2022-01"}),
        ("date 2022-01-06 ", {"date": "2022-01-06"}),
        ("date 2022-01\n\n", {"date": "2022-01"}),
        ("date 2022-01 url https://example.org/a-1 ", {"date": "2022-01", "url": "https://example.org/a-1"}),
        ("title Unruhen im Land date 2022-01 ", {"title": "Unruhen im Land", "date": "2022-01"}),
        ('date 2022-01 title "Unruhen im Land" ', {"date": "2022-01", "title": "Unruhen im Land"}),
        ("date 2022-01 source NRB ", {"date": "2022-01", "source": "NRB"}),
        ("date 2022-01 author Anna Muster\n", {"date": "2022-01", "byline": "Anna Muster"}),
        ("date: 2022-01-06\n\n", {"date": "2022-01-06"}),
        ("Datum: 6. Januar 2022\nAutorin: Anna Muster\n\n", {"date": "2022-01-06", "byline": "Anna Muster"}),
        ("title: Unruhen: die Lage\nsource: NRB\n\n", {"title": "Unruhen: die Lage", "source": "NRB"}),
        ('---\ntitle: "Unruhen"\ndate: 06.01.2022\n---\n', {"title": "Unruhen", "date": "2022-01-06"}),
        ("---\ntitle: Unruhen\ntags:\n  - Ausland\n---\n\n", {"title": "Unruhen"}),
        ("date: gestern\nurl: https://example.org\n\n", {"url": "https://example.org", "date-as-given": "gestern"}),
    ],
)
def test_a_header_is_read_and_the_text_begins_behind_it(front, wanted):
    article = read(front + BODY)
    metadata = article.metadata
    known = {name: getattr(metadata, name) for name in ("title", "kicker", "teaser", "byline", "date", "url")}
    assert {**{name: value for name, value in known.items() if value}, **metadata.extra} == wanted
    assert article.text[article.header.end :] == BODY


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"Date mit dem Tod. {BODY}",
        f"Date 2022 wird anders. {BODY}",
        f"Datum und Ort stehen fest. {BODY}",
        f"Datum: unbekannt\n\n{BODY}",
        f"Titel: ein weites Feld\n\n{BODY}",
        f"Quelle: Keystone\n\n{BODY}",
        f"date morgen. {BODY}",
        f"Autor: Hans Muster\n\n{BODY}",
        f"---\n{BODY}\n---\n{BODY}",
        f"---\n\n{BODY}",
        f"title: eine Zeile\n{BODY}",
        f"url und uri sind nicht dasselbe. {BODY}",
    ],
)
def test_an_ordinary_beginning_is_no_header(text):
    assert read(text).header is None


def test_a_long_line_is_not_eaten_by_a_title_without_an_end():
    article = read(f"date 2022-01 title {BODY} {BODY} {BODY}\n")
    assert article.metadata.date == "2022-01"
    assert article.metadata.title is None
    assert article.text[article.header.end :].startswith("title Das weiss man")


def test_a_text_that_is_nothing_but_keys_takes_linear_time():
    for piece in ("date 2022 ", "date: 2022\n", "title ", "---\n"):
        began = time.perf_counter()
        header.find(piece * 100_000, languages.load("de"))
        assert time.perf_counter() - began < 2


# -------------------------------------------------------------------------------------------------------- Markdown


def shown(text: str) -> str:
    return markdown.scan(text, 0, ["Mai"])[0].replace(MASK, "")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("**fett** und *kursiv* und ***beides***", "fett und kursiv und beides"),
        ("__fett__ und _kursiv_", "fett und kursiv"),
        ("**fett, darin *kursiv* und fett**", "fett, darin kursiv und fett"),
        ("Bürger*innen und Schüler*innen", "Bürger*innen und Schüler*innen"),
        ("Lehrer_innen und Ärzt_innen", "Lehrer_innen und Ärzt_innen"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("ein *Stern allein", "ein *Stern allein"),
        (r"\*kein Stern\*", "*kein Stern*"),
        ("[Wort](https://example.org/a_(b)) da", "Wort da"),
        ('[Wort](https://example.org "Titel") da', "Wort da"),
        ("«[…] das genügt», sagte er [gemeint ist Kühn].", "«[…] das genügt», sagte er [gemeint ist Kühn]."),
        ("[Wort][eins]\n\n[eins]: https://example.org", "Wort\n\n"),
        ("Text[^1]\n\n[^1]: Fussnote", "Text\n\nFussnote"),
        ("`a*b*c` und ``x`y``", "a*b*c und x`y"),
        ("~~weg~~ ~nicht~", "weg ~nicht~"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("<b>fett</b><br/>", "fett"),
        ("3 < 4 und 5 > 4", "3 < 4 und 5 > 4"),
        ("eins <!-- zwei --> drei", "eins  drei"),
        ("## Titel ##", "Titel"),
        ("#keinTitel", "#keinTitel"),
        ("> Zitat\n> weiter", "Zitat\nweiter"),
        ("- eins\n* zwei\n+ drei", "eins\nzwei\ndrei"),
        ("1. eins\n2. zwei", "eins\nzwei"),
        ("1. FC Seeburg gewinnt", "1. FC Seeburg gewinnt"),
        ("3. Mai\n4. Mai", "3. Mai\n4. Mai"),
        ("oben\n\n* * *\n\nunten", "oben\n\n\n\nunten"),
        ("![Bild](a.jpg)", "Bild"),
    ],
)
def test_signs_are_masked_and_words_stay(text, wanted):
    assert shown(text) == wanted
    assert len(markdown.scan(text, 0)[0]) == len(text)


def test_hints_say_what_the_signs_meant():
    _, hints = markdown.scan("# Eins\n\n**Zwei** drei\n\n*vier*\n\n- fünf\n\n![sechs](a.jpg)\n", 0)
    shapes = [hint.shape for hint in hints]
    assert shapes == [Shape.HEADING, Shape.PARAGRAPH, Shape.PARAGRAPH, Shape.LIST_ITEM, Shape.IMAGE]
    assert hints[0].level == 1
    assert hints[1].strong.start == hints[1].span.start
    assert [hint.emphasised for hint in hints] == [False, False, True, False, False]


def test_a_suffix_says_what_is_markdown_unless_somebody_else_does():
    data = b"# Der Rat tagt\n\nDas ist der Text."
    assert reading.read_bytes(data, path="a.md").hints
    assert reading.read_bytes(data, path="A.MARKDOWN").hints
    assert not reading.read_bytes(data, path="a.txt").hints
    assert not reading.read_bytes(data, path="a.md", markdown=False).hints
    assert reading.read_bytes(data, path=None, markdown=True).hints


# ---------------------------------------------------------------------------------------------------------- inputs


@pytest.fixture
def folder(tmp_path):
    for name in (
        "b.txt",
        "a.md",
        "c.TEXT",
        "sub/d.markdown",
        "sub/e.txt",
        "sub/e.json",
        "x.html",
        ".f.txt",
        ".g/h.txt",
    ):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")
    (tmp_path / "in" / "README.md").write_text("# The samples\n", encoding="utf-8")
    (tmp_path / "in" / "b.en.md").write_text("<!-- newsbridge/1 record abc -->\n# Brief\n", encoding="utf-8")
    (tmp_path / "in" / "c.md").write_text('<meta name="generator" content="newsbridge 0.1">\n', encoding="utf-8")
    (tmp_path / "in" / "r.txt").write_text('{\n  "schema": "newsbridge/1",\n', encoding="utf-8")
    return tmp_path / "in"


def found(*arguments: object) -> list[str]:
    return [str(each.relative) for each in reading.inputs([str(argument) for argument in arguments])]


def test_a_folder_gives_its_articles_in_order_and_not_what_we_wrote(folder):
    assert found(folder) == ["a.md", "b.txt", "c.TEXT", "sub/d.markdown", "sub/e.txt"]


def test_a_glob_mirrors_the_folder_it_starts_from(folder):
    assert found(folder / "*.txt") == ["b.txt"]
    assert found(folder / "**" / "*.txt") == ["b.txt", "sub/e.txt"]
    assert found(folder / "s*" / "*") == ["sub/d.markdown", "sub/e.txt"]


def test_a_file_named_itself_is_an_input_whatever_its_suffix(folder):
    assert found(folder / "sub" / "e.txt", folder / ".f.txt", folder / "x.html") == ["e.txt", ".f.txt", "x.html"]


def test_each_article_comes_once(folder):
    assert found(folder / "b.txt", folder, folder / "*.md") == [
        "b.txt",
        "a.md",
        "c.TEXT",
        "sub/d.markdown",
        "sub/e.txt",
    ]


def test_a_file_with_a_globs_signs_in_its_name_is_a_file(tmp_path):
    (tmp_path / "a[1].txt").write_text(TEXT, encoding="utf-8")
    assert found(tmp_path / "a[1].txt") == ["a[1].txt"]


@pytest.mark.parametrize("argument", ["leer", "*.txt", "leer/**"])
def test_nothing_found_is_an_error_that_names_the_suffixes(tmp_path, monkeypatch, argument):
    (tmp_path / "leer").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArticleError, match=r"no article") as caught:
        reading.inputs([argument])
    assert ".md" in caught.value.hint


def test_a_missing_file_is_said_when_it_is_read(tmp_path):
    (each,) = reading.inputs([str(tmp_path / "fehlt.txt")])
    with pytest.raises(ArticleError, match=r"fehlt\.txt does not exist"):
        each.read()


def test_a_loop_of_links_ends(folder):
    os.symlink(folder, folder / "sub" / "loop")
    os.symlink(folder / "nirgends.txt", folder / "tot.txt")
    os.symlink(folder / "ich.txt", folder / "ich.txt")
    dead = ["ich.txt", "tot.txt"]  # found, so that reading can say what is wrong with them
    assert found(folder) == ["a.md", "b.txt", "c.TEXT", *dead, "sub/d.markdown", "sub/e.txt"]


def test_a_link_to_itself_is_said_when_it_is_read(tmp_path):
    os.symlink(tmp_path / "ich.txt", tmp_path / "ich.txt")
    (each,) = reading.inputs([str(tmp_path / "ich.txt")])
    with pytest.raises(ArticleError, match=r"ich\.txt cannot be read"):
        each.read()


def test_stdin_is_an_input_called_stdin(monkeypatch):
    (each,) = reading.inputs(["-"])
    assert (each.name, str(each.relative), each.path) == ("stdin", "stdin", None)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(TEXT.encode())))
    assert each.read().text == TEXT


def test_an_input_knows_its_path_as_given_and_reads_itself(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (each,) = reading.inputs(["sub/e.txt"])
    assert each.name == "sub/e.txt"
    assert each.read().path == "sub/e.txt"


def test_a_path_with_nul_is_no_crash_either():
    with pytest.raises(ArticleError):
        reading.inputs(["a\0b"])


def test_five_megabytes_in_one_paragraph_are_read_in_seconds():
    began = time.perf_counter()
    reading.read_bytes((TEXT.replace("\n", " ") * 60_000).encode(), path=None)
    assert time.perf_counter() - began < 5
