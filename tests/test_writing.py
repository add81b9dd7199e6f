"""Both views say what the record says, mark what it marks, and let nothing through that is not text."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbridge.article import Article, Finding, FindingKind, Metadata, Severity
from newsbridge.spans import Span
from newsbridge.summary import Sentence
from newsbridge.writing import html, markdown
from newsbridge.writing.layout import lay_out
from newsbridge.writing.view import read_date
from newsbridge.writing.weave import DEEPEST, Close, Mark, Open, fold, weave
from records import plain, sample

HOSTILE = "<script>alert(1)</script> &amp; \"><img src=x onerror='alert(2)'> --> </style> | a | b"


class Reader(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.ids, self.targets, self.tags, self.words = [], [], [], []
        self.attributes = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        found = dict(attrs)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a" and found.get("href", "").startswith("#"):
            self.targets.append(found["href"][1:])

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="module")
def record():
    return sample()


@pytest.fixture(scope="module")
def page(record):
    return html.render(record)


@pytest.fixture(scope="module")
def note(record):
    return markdown.render(record)


# ------------------------------------------------------------------------------------------------ weaving

spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: Span(min(pair), max(pair)))


@given(st.text(max_size=40), st.lists(spans, max_size=12))
def test_weaving_keeps_the_text_and_nests_properly(text, where):
    marks = [Mark(span, "direct", f"q{number}") for number, span in enumerate(where)]
    tokens = weave(text, marks)
    assert "".join(token for token in tokens if isinstance(token, str)) == text
    stack, ended, at, covered = [], [], 0, {}
    for token in tokens:
        if isinstance(token, str):
            for mark in stack:
                covered.setdefault(mark, []).append(Span(at, at + len(token)))
            at += len(token)
        elif isinstance(token, Open):
            stack.append(token.mark)
        else:
            assert stack.pop() == token.mark
            ended += [token.mark] * token.last
    assert not stack
    assert len(set(ended)) == len(ended) == len(covered)
    assert all(Span.cover(pieces) == mark.span for mark, pieces in covered.items())


def test_spans_that_cross_are_cut():
    tokens = weave("abcdef", [Mark(Span(0, 4), "indirect", "q1"), Mark(Span(2, 6), "finding", "f1")])
    assert [token if isinstance(token, str) else token.mark.ref for token in tokens] == [
        "q1", "ab", "f1", "cd", "f1", "q1", "f1", "ef", "f1",
    ]  # fmt: skip
    assert [token.last for token in tokens if isinstance(token, Close)] == [False, True, True]


def test_marks_outside_the_text_or_without_a_sign_are_left_out():
    assert weave("abc", [Mark(Span(1, 1), "direct", "q1"), Mark(Span(2, 9), "direct", "q2")]) == ("abc",)


def test_ten_thousand_marks_over_each_other_stay_linear():
    began = perf_counter()
    tokens = weave("x" * 20_000, [Mark(Span(n, 20_000 - n), "direct", f"q{n}") for n in range(9_999)])
    assert sum(isinstance(token, Open) for token in tokens) == DEEPEST
    crossing = weave("x" * 20_000, [Mark(Span(n, n + 5_000), "direct", f"q{n}") for n in range(15_000)])
    assert len(crossing) < 15_000 * 2 * DEEPEST
    assert perf_counter() - began < 5


@given(st.text(alphabet="ab \n\t\u200b«\u00a0", max_size=30))
def test_folding_shows_what_a_reader_reads(text):
    article = Article(text, text, "0" * 64, None, "de", Metadata())
    shown, places = fold(text, Span(0, len(text)))
    assert shown == article.words(Span(0, len(text)))
    assert len(places) == len(text) + 1
    assert list(places) == sorted(places)
    for offset, sign in enumerate(text):
        if not sign.isspace() and sign != "\u200b":
            assert shown[places[offset]] == sign


# ------------------------------------------------------------------------------------------------ the layout


def test_a_quotation_is_marked_in_every_segment_it_touches(record):
    lines = {line.id: line for part in lay_out(record).parts for row in part.rows for line in row.lines}

    def marked(tokens, ref):
        depth, found = 0, ""
        for token in tokens:
            if isinstance(token, str):
                found += token * (depth > 0)
            elif token.mark.ref == ref:
                depth += 1 if isinstance(token, Open) else -1
        return found

    assert marked(lines["s2.p1.1"].source, "q5") == "«Der Kanton hat uns nie gefragt."
    assert marked(lines["s2.p1.2"].source, "q5") == "Und jetzt sollen wir 300 000 Franken zahlen.»"
    assert marked(lines["s2.p1.2"].target, "q5") == "And now we are to pay 30,000 francs.”"
    assert marked(lines["s1.p1.3"].source, "q1") == "Man habe die Lage «jederzeit im Griff» gehabt"
    assert marked(lines["s1.p1.3"].source, "q2") == "«jederzeit im Griff»"
    assert marked(lines["s1.p1.2"].source, "h1") == "Zwei Keller sollen vollgelaufen sein."


def test_parts_of_an_interrupted_quotation_are_set_apart_and_the_rest_joined(record):
    page = lay_out(record)
    assert page.said["q3"].target == "“We are building the new weir,” … “this year.”"
    assert page.said["q5"].target == "“The canton never asked us. And now we are to pay 30,000 francs.”"


def test_a_speaker_named_before_is_said_to_be_carried_over(record):
    said = lay_out(record).said
    assert [id_ for id_, each in said.items() if each.carried] == ["q4"]
    assert [id_ for id_, each in said.items() if each.unsure] == ["q4", "q5"]
    assert said["q4"].percent == 60


def test_voices_are_counted_once_and_in_order(record):
    voices = lay_out(record).voices
    assert [(voice.name, voice.initials, voice.quotes) for voice in voices] == [
        ("Vera Lüthi", "VL", ("q1", "q2", "q7")),
        ("Jan Moser", "JM", ("q3", "q4")),
        ("Ueli Brand", "UB", ("q5", "q6")),
    ]


def test_a_finding_of_the_article_stands_where_its_span_is(record):
    remarks = {remark.finding.kind: remark.segment for remark in lay_out(record).remarks}
    assert remarks[FindingKind.QUOTE_UNCLOSED] == "s2.p1.3"
    nowhere = replace(record, findings=(Finding(FindingKind.LOOP_REPEATED, Severity.INFO, "somewhere"),))
    assert lay_out(nowhere).remarks[0].segment is None


@pytest.mark.parametrize("date", ["2022-13", "gestern", "2022", ""])
def test_a_date_that_is_none_stays_as_it_is(date):
    assert read_date(date) == date


# ------------------------------------------------------------------------------------------------ both views


@pytest.mark.parametrize("view", [markdown, html])
def test_the_marker_stands_at_the_very_beginning(view, record):
    text = view.render(record)
    assert "newsbridge/1" in text[:300]
    assert text.endswith("\n")
    assert view.render(record) == text


def test_the_page_names_its_generator_at_the_beginning(page):
    assert '<meta name="generator" content="newsbridge 0.1.0">' in page[:300]


@pytest.mark.parametrize("view", [markdown, html])
@pytest.mark.parametrize(
    "words",
    [
        "machine-made",
        "embedded",
        "newsbridge de-en, version 1",
        "17 May 2024",
        "samples/wehr.txt",
        "Vera Lüthi",
        "partial quote",
        "Gemeindepräsident",
        "60 % sure",
        "via «Seetaler Boten»",
        "the sentence has no translation",
        "Keystone",
        "In short",
        "Apache-2.0",
        "4be17c0e9d2a",
    ],
)
def test_each_view_says_so(view, words, record):
    text = view.render(record)
    assert words in (Reader(text).text if view is html else text)


@pytest.mark.parametrize("view", [markdown, html])
def test_evidence_that_is_gone_is_not_cited(view, record):
    point = Sentence("The weir is to be torn down.", ("s9.p9.9", "s3.p1.2"), "extractive")
    brief = replace(record.summary.brief, points=(point,))
    text = view.render(replace(record, summary=replace(record.summary, brief=brief)))
    assert "The weir is to be torn down." in text
    assert "s9.p9.9" not in text
    assert "(s3.p1.2" not in text
    assert 'href="#s3.p1.2"' not in text


@pytest.mark.parametrize("view", [markdown, html])
def test_an_empty_record_is_still_a_page(view):
    text = view.render(plain(""))
    assert "Untitled article" in text
    assert "There is no brief" in text


def test_five_megabytes_in_one_paragraph_go_through():
    record = plain("Der Rat tagt. " * 360_000)
    began = perf_counter()
    assert len(html.render(record)) > 10_000_000
    assert len(markdown.render(record)) > 10_000_000
    assert perf_counter() - began < 20


# ------------------------------------------------------------------------------------------------ HTML


def test_every_link_inside_the_page_leads_somewhere(page):
    reader = Reader(page)
    assert set(reader.targets) <= set(reader.ids)
    assert len(set(reader.ids)) == len(reader.ids)
    assert {"s1.p1.1", "q1", "q7", "f1", "h1"} <= set(reader.ids)


def test_nothing_is_fetched_and_nothing_else_may_run(page):
    reader = Reader(page)
    assert not {"img", "link", "iframe", "object", "embed", "base"} & set(reader.tags)
    assert not [each for each in reader.attributes if each[1] in ("src", "style") or each[1].startswith("on")]
    assert "default-src 'none'; style-src 'sha256-" in page
    assert "url(" not in page
    assert "@import" not in page


def test_both_languages_are_said(page):
    langs = {(tag, value) for tag, name, value in Reader(page).attributes if name == "lang"}
    assert {("html", "en"), ("p", "de"), ("h2", "de"), ("blockquote", "de")} <= langs


def test_hostile_text_stays_text_in_the_page(record):
    source = plain(HOSTILE, HOSTILE)
    metadata = Metadata(title=HOSTILE, byline=HOSTILE, date=HOSTILE, url="javascript:alert(3)")
    finding = Finding(FindingKind.QUOTE_UNCLOSED, Severity.INFO, HOSTILE, Span(0, 4))
    article = replace(source.article, metadata=metadata, path=HOSTILE)
    made = replace(source.provenance, engine=HOSTILE, settings={HOSTILE: HOSTILE})
    hostile = html.render(replace(source, article=article, findings=(finding,), provenance=made))
    reader = Reader(hostile)
    assert reader.tags.count("script") == 1
    assert reader.tags.count("style") == 1
    assert "img" not in reader.tags
    assert not [each for each in reader.attributes if each[1].startswith("on")]
    assert not [value for _, name, value in reader.attributes if name == "href" and value.startswith("javascript")]
    assert reader.text.count("<script>alert(1)</script> &amp;") >= 5


# ------------------------------------------------------------------------------------------------ Markdown


def test_speech_is_emphasised_and_signed(note):
    assert "**“We are building the new weir,”** [q3: Jan Moser] said the engineer" in note
    assert "*Man habe die Lage **«jederzeit im Griff»** [q2] gehabt* [q1], sagte" in note
    assert "*The costs are higher than planned.* [q4: Jan Moser?]" in note
    assert "Zwei Keller sollen vollgelaufen sein. [h1: hearsay]" in note


def test_captions_stand_outside_the_tables(note):
    assert "> **Caption** (Keystone): The weir of Aarwil" in note
    assert not [line for line in note.splitlines() if line.startswith("|") and "Brücke" in line]


def test_every_row_of_a_table_has_three_cells(record):
    source = replace(record.article, metadata=Metadata(title=HOSTILE))
    hostile = plain(HOSTILE + "\n" + "`*_~[]$\\|", "<td>|\\|" + HOSTILE)
    for text in (markdown.render(replace(record, article=source)), markdown.render(hostile)):
        rows = [line for line in text.splitlines() if line.startswith("|")]
        assert rows
        assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in rows} == {4}


def test_hostile_text_stays_text_in_markdown():
    from markdown_it import MarkdownIt

    source = "\n".join([HOSTILE, "# kein Titel", "1. Mai", "--- *nicht* _so_ `gemeint` ~~hier~~ [x](http://a.b)"])
    record = plain(source, source)
    shown = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown.render(record))
    tags = set(Reader(shown).tags)
    assert "script" not in tags
    assert not {"img", "em", "code", "a", "s"} & (tags - {"em"})
    words = Reader(shown).text
    assert "<script>alert(1)</script> &amp;" in words
    assert "--- *nicht* _so_ `gemeint` ~~hier~~ [x](http://a.b)" in words


def test_markdown_is_understood_by_a_viewer(note):
    from markdown_it import MarkdownIt

    shown = MarkdownIt("commonmark").enable("table").render(note)
    reader = Reader(shown)
    assert "**" not in reader.text
    assert reader.tags.count("table") == 5
    assert "<strong>“under control at all times,”</strong></em>" in shown


@pytest.mark.parametrize(
    "text", ["- drei", "+ drei", "# drei", "> drei", "3. Oktober", "3) drei", "=== drei", "--- drei"]
)
def test_a_line_does_not_become_a_list_or_a_heading(text):
    from markdown_it import MarkdownIt

    assert Reader(MarkdownIt().render(markdown.escape(text))).text.strip() == text
    assert Reader(MarkdownIt().render(markdown.escape(text))).tags == ["p"]
