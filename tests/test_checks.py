"""The checks: correct pairs pass, every way to break one is found, and foreign pairs are counted as they stand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mutations import MUTATIONS, PAIRS, found
from newsbridge import languages
from newsbridge.article import FindingKind, Severity
from newsbridge.fidelity import foreign, quantities, targetmarks
from newsbridge.fidelity.checks.loops import loops
from newsbridge.fidelity.spellings import same

FOUND = 0.97
PAIRS_A_KIND = 20
NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))


def test_correct_pairs_have_no_findings():
    assert [each for each in found([(pair["de"], pair["en"]) for pair in PAIRS]) if each] == []


def test_every_way_to_break_a_pair_is_found():
    jobs = [
        (name, pair["de"], target)
        for name, (mutate, _) in MUTATIONS.items()
        for pair in PAIRS
        for target in mutate(pair)
    ]
    seen = {name: [] for name in MUTATIONS}
    for (name, _, target), findings in zip(jobs, found([job[1:] for job in jobs]), strict=True):
        seen[name].append((bool(MUTATIONS[name][1] & {each.kind for each in findings}), target))
    assert min(map(len, seen.values())) >= PAIRS_A_KIND
    missed = {
        name: [target for hit, target in each if not hit]
        for name, each in seen.items()
        if sum(hit for hit, _ in each) < FOUND * len(each)
    }
    assert not missed


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("1'500 Franken", "1,500 francs"),
        ("5 000 Menschen", "5,000 people"),
        ("3,5 Mio. Euro", "€3.5m"),
        ("2 Mrd. Dollar", "2 billion dollars"),
        ("12 Tote", "twelve dead"),
        ("fünfundzwanzig Jahre", "25 years"),
        ("um 14.30 Uhr", "at 2:30 pm"),
        ("um 17.00 Uhr", "at 5pm"),
        ("am 3. Mai 2021", "on May 3, 2021"),
        ("Mitte der 90er-Jahre", "in the mid-1990s"),
        ("die Saison 2015/16", "the 2015-16 season"),
        ("50 Prozent", "half of them"),
        ("zweihunderttausend Stimmen", "200,000 votes"),
        ("der 21. Platz", "21st place"),
        ("anderthalb Stunden", "one and a half hours"),
        ("eine Milliarde Franken", "1 billion francs"),
        ("das 2. Tor", "the second goal"),
        ("12 Monate", "a dozen months"),
        ("im Jahr 2019 214 Fälle", "214 cases in 2019"),
        ("30 bis 40 Milliarden Franken", "30 billion to 40 billion francs"),
        ("Vorstellungen um 17 und 20 Uhr", "shows at 5 and 8 pm"),
        ("gegen 20.15 Uhr", "at around 20.15"),
        ("ein 3:0 gegen Basel", "a 3-0 win over Basel"),
        ("um halb elf", "at half past ten"),
        ("der sechsundvierzigjährige Wirt", "the 46-year-old landlord"),
        ("die Strasse B 215", "the road B 215"),
        ("das Achtelfinale", "the round of 16"),
        ("270 $ Millionen", "$270 million"),
        ("das Ende des 19. Jahrhunderts", "the late 1800s"),
        ("ein Raum von 23 m²", "a room of 23 m2"),
        ("Hilfe rund um die Uhr", "help 24/7"),
    ],
)
def test_figures_agree_in_every_form(german, english):
    (findings,) = foreign.check([(f"Es waren {german} im Bericht.", f"It was {english} in the report.")])
    assert not [each for each in findings if each.kind.value.startswith("figure")]


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("um 20.15 Uhr", "at 20.45"),
        ("30 bis 40 Milliarden Franken", "30 million to 40 million francs"),
        ("ein 3:0 gegen Basel", "a 3-1 win over Basel"),
        ("im Jahr 2019 214 Fälle", "215 cases in 2019"),
    ],
)
def test_figures_that_differ_are_found_in_every_form(german, english):
    (findings,) = foreign.check([(f"Es waren {german} im Bericht.", f"It was {english} in the report.")])
    assert [each for each in findings if each.kind.value.startswith("figure")]


def test_a_million_is_no_billion():
    (findings,) = foreign.check([("Es kostet 3 Millionen Franken.", "It costs 3 billion francs.")])
    assert [each.kind for each in findings] == [FindingKind.FIGURE_CHANGED]
    assert findings[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("one", "other"),
    [("Tokajew", "Tokayev"), ("Paschinjan", "Pashinyan"), ("Chruschtschow", "Khrushchev"), ("Müller", "Mueller"),
     ("Selenskyj", "Zelensky"), ("Nawalny", "Navalny"), ("Lukaschenko", "Lukashenko"), ("Tschechow", "Chekhov")],
)  # fmt: skip
def test_a_transliterated_name_is_the_same_name(one, other):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Kern", "Bern"), ("Meier", "Weber"), ("Hansen", "Rossi"), ("Paul", "Saul")]
)
def test_another_name_is_another_name(one, other):
    assert not same(one, other)


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("in Peking", "in Beijing"),
        ("nach Mailand", "to Milan"),
        ("Herr Schneider", "Mr Schneider"),
        ("in Wien", "in Vienna"),
    ],
)
def test_exonyms_and_names_that_are_words_pass(german, english):
    (findings,) = foreign.check([(f"Gestern war er {german} zu sehen.", f"He could be seen {english} yesterday.")])
    assert findings == ()


def test_a_name_taken_for_a_word_is_found():
    (findings,) = foreign.check(
        [("Gestern sprach Peter Schneider im Radio.", "Peter the tailor spoke on the radio yesterday.")]
    )
    assert {each.kind for each in findings} & {FindingKind.NAME_TRANSLATED, FindingKind.NAME_LOST}


@pytest.mark.parametrize(
    ("text", "pairs", "strays"),
    [
        ("“It’s ‘done’,” he said.", ["“It’s ‘done’,”"], 0),
        ("‘It’s “done”,’ he said.", ["‘It’s “done”,’"], 0),
        ('"One," he said, "two."', ['"One,"', '"two."'], 0),
        ("the boys' house isn't 'new'", ["'new'"], 0),
        ("He is 6'2\" tall", [], 0),
        ("„Ja“, sagte er.", ["„Ja“"], 0),
        ("»Ja«, sagte er.", ["»Ja«"], 0),
        ('He said "no', [], 1),
        ('no" he said.', [], 1),
    ],
)
def test_marks_of_every_house_are_read(text, pairs, strays):
    found_pairs, found_strays = targetmarks.read(text)
    assert [span.of(text) for span in found_pairs] == pairs
    assert len(found_strays) == strays


def test_spans_count_the_texts_as_given():
    source, target = "  Er nannte es «eine Schande» für alle.", "He called it a disgrace for 7 people."
    (findings,) = foreign.check([(source, target)])
    lost = next(each for each in findings if each.kind is FindingKind.QUOTE_LOST)
    assert lost.source.of(source) == "«eine Schande»"
    new = next(each for each in findings if each.kind is FindingKind.FIGURE_INVENTED)
    assert new.target.of(target) == "7"


def test_a_quotation_over_several_lines_is_fine_line_by_line():
    pairs = [
        ("«Wir bauen heute.", "“We are building today."),
        ("Das geht schnell.", "It is quick."),
        ("Und es ist billig», sagte Kern.", "And it is cheap,” said Kern."),
    ]
    assert [findings for findings in foreign.check(pairs) if findings] == []


def kinds(source, target):
    (findings,) = foreign.check([(source, target)])
    return [each.kind.value for each in findings]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ('Der Rat rief zum"Boykott" der Wahl auf.', 'The council called for a "boycott" of the election.'),
        ("Die Partei fordert mehr Klima-«Action».", "The party demands more climate “action.”"),
        (
            '"Das "alte" Haus wird im Mai verkauft", sagte Eva Kern.',
            '"The "old" house will be sold in May," Eva Kern said.',
        ),
        ('"Das "alte" Haus wird verkauft", sagte Eva Kern.', "“The ‘old’ house will be sold,” Eva Kern said."),
    ],
    ids=["glued to the word before", "behind a hyphen", "the same marks inside", "single marks inside"],
)
def test_marks_that_are_kept_have_no_finding(source, target):
    assert not [kind for kind in kinds(source, target) if kind.startswith("quote")]


@pytest.mark.parametrize(
    ("source", "target", "kind"),
    [
        ('Er kann müde sein oder einfach "in Stimmung"!"', 'He can be tired or simply "in the mood"!', "quote-lost"),
        ("«Das ‹alte› Haus wird verkauft», sagte Kern.", "“The old house will be sold,” Kern said.", "quote-lost"),
        (
            "Die Gruppe heisst «Bürger für Ordnung in Lugano» und hat 30 Mitglieder.",
            "The group is called “Citizens for Order” in Lugano and has 30 members.",
            "quote-moved",
        ),
        (
            "In Lugano gebe es «eine Kundschaft mit viel Geld», sagte er.",
            "There are “customers with a lot of money in Lugano,” he said.",
            "quote-grown",
        ),
        (
            "Sie spricht von einem «Fehler im System» und geht.",
            "“She” speaks of a “mistake in the system” and leaves.",
            "quote-invented",
        ),
    ],
    ids=["without partner", "inside a quotation", "a name left out", "a name taken in", "one more, in front"],
)
def test_marks_that_are_not_kept_are_reported(source, target, kind):
    assert kind in kinds(source, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Kein anderes Land baut so schnell wie keines zuvor.", "No other country builds faster than any before."),
        ("Er ist davon nicht zu unterscheiden.", "It is indistinguishable from it."),
        ("Solange wir nicht den Grund kennen, warten wir.", "Until we know the reason, we will wait."),
        ("Das Land wächst so schnell wie kein anderes.", "The country is growing faster than any other."),
        ("Nicht weniger als 200 Stellen sind in Gefahr.", "As many as 200 jobs are at risk."),
        ("Einzelheiten wollte die Sprecherin nicht nennen.", "The spokeswoman declined to give details."),
        ("Die Folgen sind noch nicht zu sehen.", "The consequences are yet to be seen."),
        ("Das Dach ist nicht mehr zu retten.", "The roof is beyond saving."),
        ("Bäckereien gibt es im Tal fast keine mehr.", "Bakeries in the valley are almost gone."),
        ("Der Wagen hatte kein Benzin mehr.", "The car had run out of petrol."),
        ("Der Text ist kaum noch zu verstehen.", "The text is almost incomprehensible."),
        ("Der Titel fehlt in keiner Liste.", "The title appears in every list."),
        ("Er liess es sich nicht nehmen, selbst zu kommen.", "He made a point of coming himself."),
        ("Es war nicht klar, wer fährt.", "It was unclear who would drive."),
        ("So viele Gäste wie noch nie kamen an den See.", "More guests than ever came to the lake."),
        ("Die Gemeinde hat 12 nicht besetzte Stellen.", "The municipality has 12 vacancies."),
        ("Er liest aus dem Roman «Im Süden nichts los».", "He reads from the novel “All Calm in the South.”"),
    ],
)
def test_what_english_says_without_a_negation_passes(source, target):
    assert "negation-lost" not in kinds(source, target)


@pytest.mark.parametrize(
    "target",
    [
        "The dentist from Denmark came yesterday.",
        "The mission was imaginable and freely ruled by farmers.",
        "Nonetheless the council unveiled the plan.",
    ],
)
def test_words_that_begin_like_a_negation_are_none(target):
    assert "negation-lost" in kinds("Der Rat hat den Plan gestern nicht gezeigt.", target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Ministerin Ursula von der Au kommt.", "Minister Ursula von der Au is coming."),
        ("Die Stiftung Land und Meer hilft.", "The foundation Land und Meer helps."),
        ("Das sind moderate und private Stimmen.", "These are moderate and private voices."),
    ],
)
def test_names_and_words_of_both_languages_are_no_german_left_over(source, target):
    assert "residue-source" not in kinds(source, target)


@pytest.mark.parametrize(
    ("source", "target", "left"),
    [
        ("Sie sagte: «Das war nicht gut.»", "She said, “Das war nicht gut.”", True),
        ("Der Verein «Hilfe für den Wald» lädt ein.", "The association “Hilfe für den Wald” invites you.", False),
        ("Der Verein «Lauf auf den Hohen Stein» lädt ein.", "The club “Lauf auf den Hoher Stein” invites you.", False),
        ("Er liest «Nur mit dir allein».", "He reads “Nur mit you alone.”", True),
    ],
    ids=["speech", "a name", "a name with another ending", "half a title"],
)
def test_what_stands_in_marks_may_stay_german_if_it_is_a_name(source, target, left):
    assert ("residue-source" in kinds(source, target)) is left


def test_a_short_name_in_another_word_does_not_stand_for_a_place():
    assert "name-lost" in kinds("Der Zug nach Brüssel kostet 90 Euro.", "The train to Peru costs 90 euros.")
    assert "name-lost" not in kinds("Das entscheidet Brüssel.", "That is the EU's decision.")


def test_a_small_word_outside_a_name_is_german_left_over():
    source = "Der Artikel heisst: Wer geht mit wem in die Regierung?"
    assert "residue-source" in kinds(source, "The article is called: Wer goes mit whom into government?")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("«Es läuft gut», sagt Kellnerin Anna.", "“It is going well,” says waitress Anna."),
        ("Laut Stellenanzeige wurden zwei Leute gesucht.", "According to the advertisement, two people were sought."),
        ("Wie Berichten zufolge geplant, kommt er im Mai.", "As reportedly planned, he will come in May."),
        ("Schweden habe gehofft, sagte Eva Kern.", "The Nordic country had hoped, Eva Kern said."),
        ("Genau gesagt fehlen «drei Bücher».", "To be precise, “three books” are missing."),
        ("Vier Zahlen, die zeigen, dass Basel wächst", "Four Figures That Show Basel Is Growing"),
        ("Dies zeigt dem Rat, dass er «zu viel redet».", "That tells the council that it “talks too much.”"),
        ("„Das reicht“, sagte Karl B.M. Frei aus Bern.", "“That is enough,” said Karl BM Frei from Bern."),
        ('"Gut," sagte er, "wenn Sie das "Pech" nennen.', '"Good," he said, "if you call that "bad luck".'),
    ],
)
def test_a_noun_is_no_speaker_who_is_missing(source, target):
    assert not [kind for kind in kinds(source, target) if kind.startswith("speaker")]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Gestern wollte Marlene Werkzeug kaufen.", "Yesterday Marlene was looking to buy some tools."),
        ("Der Brief, der Anton zum Umzug riet, ist weg.", "The letter advising Anton to move is gone."),
        ("Oberst Kevin Mac Kenna sprach.", "Colonel Kevin MacKenna spoke."),
        ("Es gab Jade Ringe zu kaufen.", "There were jade rings for sale."),
        ("Hans Martin Rede war kurz.", "Hans Martin's speech was brief."),
        ("Er spielte den Koch in «Emil Hungrig».", "He played the cook in “Emil Hungry.”"),
        ("Jonas Anhörung war am Montag.", "Jonas's hearing was on Monday."),
    ],
    ids=[
        *("a noun behind a first name", "behind a preposition", "written together", "no first name"),
        *("behind a family name that is a first name too", "in a title", "of the ending of nouns"),
    ],
)
def test_a_noun_behind_a_first_name_is_no_family_name(source, target):
    assert not [kind for kind in kinds(source, target) if kind.startswith("name")]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("«Ich sträube mich mit ganzer Seele dagegen.»", "“I am dead set against it.”"),
        ("Es gab dort kein «oben» und kein «unten».", "There was no “above” and no “below” there."),
        (
            "Der Umbau der Schule wird rund 3,4 Mio. Franken kosten, die erst ab Mai fällig werden.",
            "The conversion of the school will cost around 3.4 million. Francs that only fall due from May onwards.",
        ),
        ("Major a. D. Kurt Blum arbeitet heute im Museum.", "Major (ret.) Kurt Blum works in the museum today."),
    ],
    ids=["short speech", "short words in marks", "cut in two by a stop", "a shortened word in brackets"],
)
def test_short_and_cut_sentences_are_neither_dropped_nor_invented(source, target):
    assert not {"dropped-text", "invented-text"} & set(kinds(source, target))


def test_sentences_in_the_same_place_are_neither_dropped_nor_invented():
    source = "Der Umbau (Anm. d. Red.: des Bahnhofs) dauert. Danach kommt der 59. Platz am See an die Reihe."
    target = (
        "The conversion (editor's note: of the station) takes time. Then it is the turn of the 59th square by the lake."
    )
    assert not {"dropped-text", "invented-text"} & set(kinds(source, target))


def test_nothing_strange_breaks_a_check():
    strange = [
        "",
        " ",
        "«",
        "»«»«",
        "\u200b",
        "🙂",
        "a" * 3000,
        "1" * 400,
        '"' * 50,
        "Wort " * 700,
        "\x00",
        "1.2.3.4.5:6",
        "’",
    ]
    pairs = [(one, other) for one in strange for other in strange]
    assert len(list(foreign.check(pairs))) == len(pairs)


def test_numbers_are_read_as_written():
    german = quantities.numerals(languages.load("de"))
    (each,) = quantities.quantities("1.234.567,8", german)
    assert each.values == {1234567.8}


@pytest.mark.parametrize(
    ("text", "loop"),
    [("had had", False), ("very very very", True), ("a b c a b c", True), ("on the way (on the way)", False)],
)
def test_loops(text, loop):
    assert loops(text) is loop


def run(*arguments):
    return subprocess.run([NEWSBRIDGE, "check", *map(str, arguments)], capture_output=True, timeout=120, check=False)


@pytest.fixture
def lines(tmp_path):
    source, target = tmp_path / "de.txt", tmp_path / "en.txt"
    source.write_bytes("\ufeffEr sagte: «Nein».\r\n\r\nEs waren 3 Leute.\r\n".encode())
    target.write_bytes(b"He said no.\n\nThere were 3 people.\n")
    return source, target


def test_line_aligned_files_answer_line_by_line(lines):
    done = run("--source", lines[0], "--target", lines[1], "--json", "--strict")
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [answer["line"] for answer in answers] == [1, 2, 3]
    assert [[each["kind"] for each in answer["findings"]] for answer in answers] == [["quote-lost"], [], []]
    assert done.returncode == 3


def test_files_of_different_length_are_an_error_behind_what_could_be_checked(lines):
    lines[1].write_text("He said “no”.\n")
    done = run("--source", lines[0], "--target", lines[1], "--json")
    assert done.returncode == 1
    assert b"3 lines" in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_a_memory_is_checked_unit_by_unit_and_a_page_is_written(tmp_path):
    memory, page = tmp_path / "m.tmx", tmp_path / "audit.html"
    memory.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><tmx version="1.4"><header/><body>'
        '<tu><tuv xml:lang="de-CH"><seg>Es kostet <ph>x</ph>5 Franken &amp; mehr.</seg></tuv>'
        '<tuv xml:lang="EN"><seg>It costs <hi>6</hi> francs &lt;b&gt; and more.</seg></tuv></tu>'
        '<tu><tuv xml:lang="fr"><seg>Oui.</seg></tuv></tu></body></tmx>',
        encoding="utf-8",
    )
    done = run("--tmx", memory, "--html", page)
    assert done.returncode == 0
    assert "unit 1" in done.stdout.decode()
    text = page.read_text(encoding="utf-8")
    assert '<mark class="error">6</mark>' in text
    assert "&lt;b&gt;" in text
    assert "<script" not in text


@pytest.mark.parametrize(
    "arguments", [(), ("--source", "x"), ("a.json", "--tmx", "b.tmx")], ids=["nothing", "one side", "two kinds"]
)
def test_what_cannot_be_checked_is_a_usage_error(arguments):
    assert run(*arguments).returncode == 2


def test_what_is_no_memory_is_named(tmp_path):
    (tmp_path / "x.tmx").write_text("<html></html>")
    done = run("--tmx", tmp_path / "x.tmx")
    assert done.returncode == 1
    assert b"no TMX" in done.stderr
