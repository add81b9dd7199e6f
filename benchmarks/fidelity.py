"""What fidelity costs: ladder, alignment and checks as a part of the time that decoding takes in the same run.

Goals: at most 40 % with the embedded model, at most 10 % with a model of the size of OPUS-MT.  The latter is built here
with random weights (6 encoder and 6 decoder layers, d = 512) and decodes as many tokens as the embedded one, a sentence
at a time; the words are the embedded model's, so the same rungs are taken.
"""

import tempfile
import time
from pathlib import Path

from newsbridge import alignment, fidelity, languages, pipeline, reading
from newsbridge.engines import Hypothesis
from newsbridge.engines.registry import translator

SAMPLES = Path(__file__).parent.parent / "samples"
ROUNDS = 3


class Timed:
    """An engine that counts the seconds it decodes; aligning is fidelity's own time."""

    def __init__(self, engine):
        self.engine, self.seconds = engine, 0.0
        self.name, self.revision, self.settings_hash = engine.name, engine.revision, engine.settings_hash

    def translate(self, requests):
        started = time.perf_counter()
        answers = self.engine.translate(requests)
        self.seconds += time.perf_counter() - started
        return answers

    def align(self, pairs):
        return alignment.standard(None, "de", "en").align(pairs)


class Heavy:
    """The embedded model's answers, at the price of a model of the size of OPUS-MT."""

    name, revision, settings_hash = "heavy", "1", "1"

    def __init__(self, engine, folder: Path):
        import ctranslate2
        import torch
        from ctranslate2.converters import TransformersConverter
        from transformers import MarianConfig, MarianMTModel

        from newsbridge import store

        torch.manual_seed(1)
        source = store.find("embedded").path
        base = MarianConfig.from_pretrained(source)
        sizes = {
            "d_model": 512,
            "encoder_layers": 6,
            "decoder_layers": 6,
            "encoder_ffn_dim": 2048,
            "decoder_ffn_dim": 2048,
        }
        for name, value in sizes.items():
            setattr(base, name, value)
        MarianMTModel(base).save_pretrained(folder)
        for name in ("source.spm", "target.spm", "vocab.json", "tokenizer_config.json"):
            (folder / name).write_bytes((source / name).read_bytes())
        TransformersConverter(str(folder)).convert(str(folder / "ct2"), quantization="int8", force=True)
        self.engine = engine
        self.decoder = ctranslate2.Translator(str(folder / "ct2"), device="cpu", compute_type="int8")

    def translate(self, requests) -> list[tuple[Hypothesis, ...]]:
        """Decode with the heavy model to the length of the embedded one's answers, and return those."""
        answers = self.engine.translate(requests)
        real = [(number, each) for number, each in enumerate(answers) if each[0].target_tokens]
        for _, hypotheses in real:
            length = len(hypotheses[0].target_tokens)
            self.decoder.translate_batch(
                [[*hypotheses[0].source_tokens, "</s>"]],
                beam_size=4,
                num_hypotheses=len(hypotheses),
                min_decoding_length=length,
                max_decoding_length=length,
            )
        return answers


def share(engine, articles) -> tuple[float, float]:
    """Return the seconds of decoding, and those of fidelity."""
    timed = Timed(engine)
    started = time.perf_counter()
    for article, ledger in articles:
        fidelity.translate(
            article, ledger, timed, language=languages.load("de"), target="en", quote_style="american", n_best=4
        )
    return timed.seconds, time.perf_counter() - started - timed.seconds


def main() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))]
    articles = [pipeline.read_quotes(reading.read_text(text)[0]) for text in texts]
    embedded = translator("embedded")
    share(embedded, articles[:1])  # loads the aligner, compiles the rules
    with tempfile.TemporaryDirectory() as folder:
        for name, engine, goal in (
            ("embedded model", embedded, 0.40),
            ("OPUS-MT's size, random weights", Heavy(embedded, Path(folder)), 0.10),
        ):
            decoding, own = min((share(engine, articles) for _ in range(ROUNDS)), key=sum)
            print(
                f"{name:32} decoding {decoding:6.2f} s, fidelity {own:5.2f} s: {own / decoding:5.1%} (goal: {goal:.0%})"
            )


if __name__ == "__main__":
    main()
