"""The index page in a browser: it sorts, finds, fetches nothing, and shows what failed."""

import shutil

import pytest

from newsbridge.batch import report
from newsbridge.batch.jobs import Failure, Job, Outcome
from newsbridge.batch.journal import Journal
from newsbridge.reading.files import Input
from test_page import ARGUMENTS

CHROMIUM = shutil.which("chromium")
ROWS = [
    ("lokal/rat", "Council meets", "Der Rat tagt", {"kept": 4}, {}),
    ("lokal/a b#c", "River <b>rises</b>", "Der Fluss steigt", {"kept": 1, "missing": 1}, {"warning": 2}),
    ("lokal/z", "", "Zürich wählt", {}, {"error": 1}),
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]


@pytest.fixture
def page(tmp_path):
    from playwright.sync_api import sync_playwright

    journal = Journal(tmp_path)
    for number, (stem, headline, title, quotes, findings) in enumerate(ROWS):
        outcome = Outcome(number, "0", {"html": "", "json": ""}, model="echo", title=title, headline=headline)
        job = Job(number, Input(None, None), stem)
        journal.note_done(job, Outcome(**{**vars(outcome), "quotes": quotes, "findings": findings}), "")
    failed = Job(9, Input(None, None), "x")
    journal.note_failed(failed, Failure("<i>leer.txt</i> is empty", "give a file", "ArticleError"))
    report.write(journal, ("json", "html"))
    journal.close()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        tab.asked = []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.goto((tmp_path / "index.html").as_uri())
        yield tab
        browser.close()


def shown(page):
    return page.eval_on_selector_all(
        "tbody tr", "rows => rows.filter(r => !r.hidden).map(r => r.cells[1].firstChild.textContent)"
    )


def test_the_index_page_lists_sorts_and_finds(page):
    first = ["Council meets", "River <b>rises</b>", "Zürich wählt"]
    assert shown(page) == first
    page.set_viewport_size({"width": 1200, "height": 800})
    page.click("th >> text=errors")
    assert shown(page) == [first[2], *first[:2]]
    page.click("th >> text=Article")
    assert shown(page) == first
    page.fill("#words", "fluss LOKAL")
    assert shown(page) == [first[1]]
    page.fill("#words", "")
    page.check("#doubtful")
    assert shown(page) == first[1:]
    links = page.eval_on_selector_all("tbody a", "links => links.map(link => link.getAttribute('href'))")
    assert "./lokal/a%20b%23c.html" in links
    assert "<i>leer.txt</i> is empty" in page.inner_text(".failures")
    assert "machine-made, by echo" in page.inner_text(".notice")
    assert len(page.asked) == 1


def test_the_index_page_fits_a_telephone(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
