"""What is learnt from: filters, doubles, test sets, pairs made out of pairs, and batches."""

import gzip
import lzma
import random
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import sentencepiece

from newsbridge.engines.normal import normalise
from training import TrainingError, recipe, stream
from training.augment import Rates, augment, half_open, join, other_digits
from training.corpus import Pair, fault, read, tidy
from training.names import Names, slavic
from training.prepare import PAIRS, prepare

OWN = sorted((Path(__file__).parent.parent / "training" / "data").glob("*.tsv"))
SAMPLES = Path(__file__).parent.parent / "samples"


def own():
    return [pair for path in OWN for pair in read(path)]


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("Der Rat tagt.", "The council meets.", None),
        ("", "The council meets.", "empty"),
        ("Der Rat tagt heute in der Stadt.", "Yes.", "length ratio"),
        ("Der Rat tagt hier heute.", "Der Rat tagt hier heute.", "copy"),
        ("1 2 3 4 5 6 7 8 9 1 2 3 4", "1 2 3 4 5 6 7 8 9 1 2 3 4 .", "signs"),
        ("«Ja», sagte der Rat.", "Yes, said the council.", "marks"),
        ("Er kam 1998 nach Bern.", "He came to Bern in 1989.", "figures"),
        ("Er zahlt 5'000 Franken.", "He pays 5,000 francs.", None),
        ("Um 21.30 Uhr kam er.", "He came at 9:30 p.m.", None),
        ("Das Haus und der Hof sind alt.", "The Haus und der Hof sind old.", "German left"),
        ("Er sagt und sagt und sagt es wieder.", "he said it he said it he said it", "loop"),
        ("wort " * 101, "word " * 101, "long"),
    ],
)
def test_pairs_that_teach_the_wrong_thing_are_dropped(source, target, reason):
    assert fault(Pair("news", normalise(source), normalise(target))) == reason


def test_a_caption_may_begin_small():
    assert tidy(Pair("gen", "Der Hafen", "the port")).target == "the port"


def test_corpora_are_read_however_they_are_packed(tmp_path):
    text = "news\t„Ja“, sagte sie.\t“Yes,” she said.\r\n"
    (tmp_path / "a.tsv").write_bytes(text.encode())
    (tmp_path / "b.tsv.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "c.tsv.xz").write_bytes(lzma.compress(text.encode()))
    for path in sorted(tmp_path.iterdir()):
        assert list(read(path)) == [Pair("news", '"Ja", sagte sie.', '"Yes," she said.')]


@pytest.mark.parametrize(("name", "content"), [("a.tsv", b"\xff\xfe\t"), ("b.xz", b"no"), ("c.gz", b"no")])
def test_a_damaged_corpus_is_named(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TrainingError, match=name):
        list(read(tmp_path / name))


def test_doubles_test_sentences_and_unknown_tags_are_left_out(tmp_path):
    rows = ["news\tDer Rat tagt.\tThe council meets."] * 2
    rows += ["news\t«Es regnet», sagte er.\t“It is raining,” he said.", "dict\tRat\tcouncil"]
    (tmp_path / "corpus.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "dev.tsv").write_text("„Es regnet“, sagte er.\t“It is raining,” he said.\n", encoding="utf-8")
    tally = prepare(
        [tmp_path / "corpus.tsv"], tmp_path / "data", recipe.load(), tests=[tmp_path / "dev.tsv"], say=lambda line: None
    )
    assert tally.kept["news"] == 1
    assert set(tally.dropped) == {("news", "double"), ("news", "in a test set"), ("dict", "not in the recipe")}
    assert (tmp_path / "data" / PAIRS).read_text(encoding="utf-8").startswith("news\tDer Rat tagt.\t")


def test_nothing_left_is_an_error(tmp_path):
    (tmp_path / "corpus.tsv").write_text("dict\tRat\tcouncil\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="no pair is left"):
        prepare([tmp_path / "corpus.tsv"], tmp_path / "data", recipe.load(), say=lambda line: None)


def test_made_pairs_are_as_good_as_those_they_are_made_of():
    pairs = own()
    made = list(augment(pairs, Rates(1, 1, 1, 1, 1), random.Random(1)))
    assert {pair.tag for pair in made} == {"swiss", "names", "figures", "half", "joined"}
    assert Counter(fault(pair) for pair in made if pair.tag != "joined").keys() <= {None, "long", "length ratio"}
    assert not any("ß" in pair.source for pair in made if pair.tag == "swiss")


def test_the_same_seed_makes_the_same_pairs():
    pairs, rates = own(), Rates(0.5, 0.5, 0.5, 0.5, 0.5)
    assert list(augment(pairs, rates, random.Random(7))) == list(augment(pairs, rates, random.Random(7)))


def test_figures_keep_their_separators_on_either_side():
    changed = other_digits(Pair("own", "Am 3. Mai zahlte er 1'250,50.", "On 3 May he paid 1,250.50."), random.Random(3))
    assert re.fullmatch(r"Am (\d)\. Mai zahlte er (\d)'(\d\d\d),(\d\d)\.", changed.source)
    assert re.sub(r"\D", "", changed.source) == re.sub(r"\D", "", changed.target)


def test_half_a_pair_of_marks_is_half_on_both_sides():
    source, target = '"Wir bauen", sagte sie.', '"We are building," she said.'
    half = half_open(Pair("own", source, target), random.Random(1))
    assert (half.source.count('"'), half.target.count('"')) == (1, 1)


def test_sentences_of_different_corpora_are_not_joined():
    assert join([Pair("own", "Ja.", "Yes."), Pair("news", "Nein.", "No.")]) is None
    assert join([Pair("own", "Der Hafen", "The port"), Pair("own", "Nein.", "No.")]) is None


def test_names_change_on_both_sides_or_not_at_all():
    names = Names([Pair("own", "Amstalden wohnt in Oerlikon.", "Amstalden lives in Oerlikon.")])
    assert len(names) == 2
    source, target = names.swap(Pair("own", "Amstalden schweigt.", "Amstalden is silent."), random.Random(5))
    assert "Amstalden" not in source + target or source.split()[0] == target.split()[0]
    assert names.swap(Pair("own", "Er schweigt.", "He is silent."), random.Random(5)) is None


def test_invented_names_have_two_spellings():
    rng = random.Random(1)
    spelled = [slavic(rng) for _ in range(50)]
    assert all(german.isalpha() and english.isalpha() for german, english in spelled)
    assert sum(german != english for german, english in spelled) > 25
    assert not any("sch" in english.lower() for _, english in spelled)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Eight pairs of two tags, each with a number of its own, in two files."""
    data = tmp_path_factory.mktemp("data")
    rows = [(f"Am {number}. Tag kam der Regen.", f"Rain came on day {number}.") for number in range(1, 9)]
    text = ["".join(f"{tag}\t{german}\t{english}\n" for german, english in part) for tag, part in split(rows).items()]
    (data / "pairs.tsv").write_text(text[0], encoding="utf-8")
    (data / "pairs-more.tsv.xz").write_bytes(lzma.compress(text[1].encode()))
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([side for row in rows for side in row] * 20),
        model_prefix=str(data / "pieces"),
        vocab_size=60,
        hard_vocab_limit=False,
        split_digits=True,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
    )
    return stream.load(data)


def split(rows):
    return {"news": rows[:4], "wiki": rows[4:]}


def days(corpus, batches, side=1):
    """Return the day each pair of the batches is about."""
    texts = [corpus.pieces.decode(row[row > 1].tolist()) for batch in batches for row in batch[side]]
    return [int(re.search(r"\d", text)[0]) for text in texts]


def test_shares_say_how_often_a_pair_is_seen(corpus):
    seen = Counter(days(corpus, stream.part(corpus, stream.Plan({"news": 2, "wiki": 0.5}, 500), 0)))
    assert [seen[day] for day in range(1, 5)] == [2, 2, 2, 2]
    assert sum(seen[day] for day in range(5, 9)) == 2


def test_no_batch_is_larger_than_asked_unless_one_pair_is(corpus):
    for tokens in (5, 40, 90):
        batches = stream.part(corpus, stream.Plan({"news": 3, "wiki": 3}, tokens), 0)
        assert sorted(days(corpus, batches)) == sorted(list(range(1, 9)) * 3)
        for source, target in batches:
            assert max(source.size, target.size) <= tokens or len(source) == 1
            assert len(source) == len(target)
            assert days(corpus, [(source, target)], 0) == days(corpus, [(source, target)], 1)


def test_the_other_direction_swaps_the_sides(corpus):
    plan = stream.Plan({"news": 1}, 500, reverse=True, sampled=0.0)
    ((source, target),) = stream.part(corpus, plan, 0)
    assert corpus.pieces.decode(source[0][source[0] > 1].tolist()).startswith("Rain came")
    assert corpus.pieces.decode(target[0][target[0] > 1].tolist()).startswith("Am")


def test_a_source_is_cut_in_unusual_ways_and_says_the_same(corpus):
    plan = stream.Plan({"news": 1}, 500, sampled=1.0)
    cuts = {
        tuple(row[row > 0]) for number in range(9) for batch in stream.part(corpus, plan, number) for row in batch[0]
    }
    assert len(cuts) > 8
    texts = {corpus.pieces.decode([int(piece) for piece in cut if piece > 1]) for cut in cuts}
    assert len(texts) == 4


def test_the_same_part_is_the_same_in_a_worker_process(corpus):
    plan, found = stream.Plan({"news": 2, "wiki": 1}, 60, sampled=0.0), []
    for processes in (0, 2):
        with stream.Stream(corpus, processes) as running:
            running.turn(plan, 3)
            found.append([next(iter(running)) for _ in range(3)])
    assert [number for number, _ in found[0]] == [3, 4, 5]
    for (_, here), (_, there) in zip(*found, strict=True):
        for mine, other in zip(here, there, strict=True):
            assert all(np.array_equal(a, b) for a, b in zip(mine, other, strict=True))


def test_a_phase_without_a_tag_of_the_corpus_is_an_error(corpus):
    with stream.Stream(corpus) as running, pytest.raises(TrainingError, match="news, wiki"):
        running.turn(stream.Plan({"own": 1}, 20), 0)


def test_the_recipe_uses_no_tag_whose_source_is_not_declared():
    from training.card import DERIVED, sources

    assert sources(recipe.load().tags() - DERIVED)


def test_a_broken_recipe_is_named(tmp_path):
    text = recipe.RECIPE.read_text(encoding="utf-8")
    for old, new in (("pieces = 10000", "pieces = [ 1 ]"), ('"linear"', '"cosine"'), ("[phases.news]", "[phases")):
        (tmp_path / "recipe.toml").write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(TrainingError, match="recipe"):
            recipe.load(tmp_path / "recipe.toml")


def test_our_own_sentences_are_fit_to_learn_from():
    pairs = own()
    assert len(pairs) >= 300
    assert {pair.tag for pair in pairs} == {"own"}
    assert not [(pair, fault(pair)) for pair in pairs if fault(pair)]
    assert len({pair.source for pair in pairs}) == len(pairs)


def test_our_own_sentences_are_not_those_of_the_samples():
    def fours(text):
        words = re.findall(r"\w+", normalise(text).lower())
        return set(zip(words, words[1:], words[2:], words[3:], strict=False))

    samples = set().union(*(fours(path.read_text(encoding="utf-8")) for path in SAMPLES.glob("*") if path.is_file()))
    near = [pair.source for pair in own() if len(found := fours(pair.source)) and len(found & samples) > len(found) / 4]
    assert not near
