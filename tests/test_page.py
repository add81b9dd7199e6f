"""The page in a browser: nothing is fetched, nothing overflows, both sides face each other, all of it can be read."""

import shutil
from dataclasses import replace

import pytest

from newsbridge.article import Metadata
from newsbridge.writing import html
from records import plain, sample

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
HOSTILE = "<script>window.caught = 1</script> &amp; \"><img src=x onerror='window.caught = 2'> </style>"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]

# Every text that is shown: its colour and the colours behind it, blended as the browser blends them.
CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => top.slice(0, 3).map((c, n) => c * top[3] + below[n] * (1 - top[3])).concat(1);
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((c) => c / 255).map((c) =>
      c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const parent = walker.currentNode.parentElement;
    if (!text || parent.closest("script, style") || !parent.checkVisibility()) continue;
    const layers = [];
    for (let each = parent; each; each = each.parentElement) layers.push(rgba(getComputedStyle(each).backgroundColor));
    const behind = layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
    const ink = over(rgba(getComputedStyle(parent).color), behind);
    const [light, dark] = [luminance(ink), luminance(behind)].sort((a, b) => b - a);
    found.push([text.slice(0, 40), (light + 0.05) / (dark + 0.05)]);
  }
  return found;
}"""

TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const box = each.getBoundingClientRect();
  return each.checkVisibility() && !each.closest(".skip") && (box.right > innerWidth + 1 || box.left < -1);
}).map((each) => each.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def show(browser, tmp_path):
    """Open a record's page; what it asks for and what it complains of is kept with it."""
    pages = []

    def open_page(record, width=1280, scheme="light", **options):
        path = tmp_path / "page.html"
        path.write_text(html.render(record), encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        pages.append(page)
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()


def test_nothing_is_fetched_and_nothing_complains(show):
    page = show(sample())
    page.hover(".tgt .s >> nth=3")
    assert [url.split("/")[-1] for url in page.asked] == ["page.html"]
    assert page.complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_overflows_not_even_a_very_long_word(show, width):
    word = "Donaudampfschifffahrtsgesellschaftskapitän" * 12
    record = sample()
    long = plain(f"{word} {word}\nhttps://www.example.org/{word}")
    headed = replace(long.article, metadata=Metadata(title=word, byline=word), path=f"{word}/{word}.txt")
    for each in (record, replace(long, article=headed)):
        page = show(each, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(TOO_WIDE) == []


def boxes(page, row):
    return [page.locator(f"[id='{row}'] > .{side}").bounding_box() for side in ("src", "tgt")]


def test_both_sides_face_each_other_on_a_desk(show):
    page = show(sample(), 1280)
    for row in ("s1.h", "s1.p1", "s1.p2", "s1.c1", "s2.p1"):
        source, target = boxes(page, row)
        assert source["y"] == target["y"]
        assert source["x"] + source["width"] < target["x"]
        assert abs(source["width"] - target["width"]) < 1


def test_the_german_stands_under_the_english_on_a_phone(show):
    page = show(sample(), 390)
    for row in ("s1.h", "s1.p1", "s1.p2", "s1.c1", "s2.p1"):
        source, target = boxes(page, row)
        assert target["y"] + target["height"] <= source["y"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_word_can_be_read(show, width, scheme):
    page = show(sample(), width, scheme)
    page.evaluate("document.querySelector('details').open = true")
    light_all = "document.querySelectorAll('[data-s], [data-q]').forEach((each) => each.classList.add('lit'))"
    for prepare in ("null", light_all):
        page.evaluate(prepare)
        found = page.evaluate(CONTRASTS)
        assert len(found) > 150
        assert [(text, round(ratio, 2)) for text, ratio in found if ratio < 4.5] == []


def test_the_dark_page_is_dark(show):
    colour = "getComputedStyle(document.body).backgroundColor"
    assert show(sample(), scheme="dark").evaluate(colour) != show(sample(), scheme="light").evaluate(colour)


def test_a_sentence_and_a_quotation_light_up_on_both_sides(show):
    page = show(sample())
    page.hover(".tgt [id='s1.p1.1']")
    lit = "[...document.querySelectorAll('.row .lit')].map((each) => each.textContent)"
    assert page.evaluate(lit) == [
        "In der Nacht auf Freitag ist die Aare bei Aarwil um 2,4 Meter gestiegen.",
        "In the night to Friday the Aare near Aarwil rose by 2.4 meters.",
    ]
    page.hover(".src .quote[data-q='q4']")
    assert page.evaluate(lit)[:2] == ["Die Kosten seien höher als geplant.", "The costs are higher than planned."]


def test_the_keyboard_lights_them_too(show):
    page = show(sample(), reduced_motion="reduce")  # no smooth scrolling
    page.focus(".points .evidence a[data-s='s1.p1.1']")
    assert page.locator(".row .s.lit").count() == 2
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#s1.p1.1"
    place = page.locator("[id='s1.p1.1']").bounding_box()
    assert 0 < place["y"] < 900


def test_without_scripts_the_links_still_lead_there(browser, show):
    page = show(sample(), java_script_enabled=False)
    page.click(".voices a[href='#q6']")
    assert page.url.endswith("#q6")
    assert page.locator("[id='q6']").is_visible()


def test_hostile_text_stays_text(show):
    page = show(plain(HOSTILE, HOSTILE))
    assert page.evaluate("window.caught") is None
    assert page.complaints == []
    assert page.locator(".tgt .s").inner_text() == HOSTILE
    assert page.locator(".src .s").inner_text() == HOSTILE


def test_a_book_opens_at_once(show):
    page = show(plain("Der Rat tagt am Montag im alten Rathaus von Aarwil.\n" * 5_000))
    timing = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert timing < 5_000  # milliseconds
    page.hover(".tgt .s >> nth=2")
    assert page.locator(".lit").count() == 2


def test_on_paper_the_columns_stay_and_the_colours_go(show):
    page = show(sample(), 1280)
    page.emulate_media(media="print", color_scheme="light")
    source, target = boxes(page, "s1.p1")
    assert source["x"] + source["width"] < target["x"]
    assert page.evaluate("getComputedStyle(document.querySelector('.sides')).position") == "static"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.pdf(format="A4").startswith(b"%PDF")
