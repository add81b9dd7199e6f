"""A record made by hand: an invented article with every kind of speech, a caption, an interview and findings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from newsbridge.article import (
    Article,
    Block,
    BlockKind,
    Finding,
    FindingKind,
    Hearsay,
    Ledger,
    Metadata,
    Origin,
    Quotation,
    QuoteKind,
    Rendering,
    Section,
    SectionKind,
    Segment,
    Severity,
    Speaker,
    Status,
    TargetSpan,
    Translation,
)
from newsbridge.record import Provenance, Record
from newsbridge.spans import Span
from newsbridge.summary import Brief, SectionSummary, Sentence, Summary


@dataclass
class Builder:
    """Writes an article down line by line, and keeps the offsets."""

    text: str = ""
    sections: list[Section] = field(default_factory=list)
    translations: list[Translation] = field(default_factory=list)
    quotations: list[Quotation] = field(default_factory=list)
    renderings: list[Rendering] = field(default_factory=list)

    def block(
        self,
        id_: str,
        kind: BlockKind,
        pairs: Sequence[tuple[str, str]],
        *,
        label: str = "",
        credit: str = "",
        findings: dict[int, tuple[Finding, ...]] | None = None,
    ) -> Block:
        """Append a block of (German, English) pairs."""
        start = len(self.text)
        self.text += label + " " * bool(label)
        segments = []
        for number, (source, target) in enumerate(pairs, start=1):
            begin = len(self.text)
            self.text += source
            segment = Segment(f"{id_}.{number}", Span(begin, len(self.text)))
            self.text += " "
            segments.append(segment)
            self.translations.append(
                Translation(segment.id, source, target, Origin.MODEL, "embedded", (findings or {}).get(number, ()))
            )
        begin = len(self.text)
        self.text += credit
        end = len(self.text.rstrip())
        self.text += "\n\n"
        return Block(
            id_,
            kind,
            Span(start, end),
            tuple(segments),
            Span(start, start + len(label)) if label else None,
            Span(begin, begin + len(credit)) if credit else None,
        )

    def where(self, words: str) -> Span:
        """Return where the words stand first."""
        start = self.text.index(words)
        return Span(start, start + len(words))

    def target(self, words: str) -> TargetSpan:
        """Return where the words stand in the translation."""
        for translation in self.translations:
            if (start := translation.target.find(words)) >= 0:
                return TargetSpan(translation.segment, Span(start, start + len(words)))
        raise AssertionError(f"{words!r} stands in no translation")

    def quote(
        self,
        kind: QuoteKind,
        source: Sequence[str],
        target: Sequence[str],
        mention: str | None,
        name: str | None,
        *,
        description: str | None = None,
        confidence: float = 1.0,
        rule: str = "same-sentence",
        partial: bool = False,
        status: Status = Status.KEPT,
        medium: str | None = None,
    ) -> None:
        """Add a quotation; ``source`` are its parts, ``target`` its stretches of the translation."""
        id_ = f"q{len(self.quotations) + 1}"
        spans = tuple(self.where(part) for part in source)
        speaker = None
        if mention or name:
            place = self.where(mention) if mention else None
            speaker = Speaker(place, name, description, confidence, rule)
        self.quotations.append(
            Quotation(
                id_,
                kind,
                spans,
                tuple(span.strip(self.text, "«»") for span in spans),
                partial,
                speaker,
                medium=self.where(medium) if medium else None,
            )
        )
        self.renderings.append(Rendering(id_, status, tuple(self.target(words) for words in target)))


PROVENANCE = Provenance(
    tool="newsbridge 0.1.0",
    engine="embedded",
    model="newsbridge de-en, version 1",
    revision="4be17c0e9d2a55aa10b7",
    license="Apache-2.0",
    summarizer="extractive",
    settings={"beam": 4, "n_best": 4, "quote_style": "american"},
)
META = {"url": "https://www.seetalpost.example/wehr"}


def finding(kind: FindingKind, severity: Severity, message: str, segment: str) -> Finding:
    """Write a finding of a segment as a whole."""
    return Finding(kind, severity, message, segment=segment)


def sample() -> Record:
    """Build the record of an invented article about a weir; its German and English are ours."""
    make = Builder(text=" date 2024-05-17 ")
    paragraph = BlockKind.PARAGRAPH
    front = Section(
        "s0",
        SectionKind.FRONT,
        None,
        (
            make.block("s0.p1", BlockKind.KICKER, [("Hochwasser im Seetal", "Flooding in the Seetal")]),
            make.block(
                "s0.p2",
                BlockKind.HEADLINE,
                [("Der Streit um das alte Wehr geht weiter", "The dispute over the old weir goes on")],
            ),
            make.block(
                "s0.p3",
                BlockKind.TEASER,
                [
                    (
                        "Der Kanton will das Wehr von Aarwil abreissen. Die Gemeinde wehrt sich.",
                        "The canton wants to tear down the weir of Aarwil. The municipality is resisting.",
                    )
                ],
            ),
        ),
    )
    first = Section(
        "s1",
        SectionKind.LEAD_IN,
        make.block("s1.h", BlockKind.HEADING, [("Das ist geschehen", "This is what happened")]),
        (
            make.block(
                "s1.p1",
                paragraph,
                [
                    (
                        "In der Nacht auf Freitag ist die Aare bei Aarwil um 2,4 Meter gestiegen.",
                        "In the night to Friday the Aare near Aarwil rose by 2.4 meters.",
                    ),
                    (
                        "Zwei Keller sollen vollgelaufen sein.",
                        "Two cellars are said to have been flooded.",
                    ),
                    (
                        "Man habe die Lage «jederzeit im Griff» gehabt, sagte Regierungsrätin Vera Lüthi.",
                        "They had had the situation “under control at all times,” said Councillor Vera Lüthi.",
                    ),
                ],
            ),
            make.block(
                "s1.p2",
                paragraph,
                [
                    (
                        "«Wir bauen das neue Wehr», sagte der Ingenieur Jan Moser, «noch in diesem Jahr.»",
                        "“We are building the new weir,” said the engineer Jan Moser, “this year.”",
                    ),
                    (
                        "Die Kosten seien höher als geplant.",
                        "The costs are higher than planned.",
                    ),
                ],
                findings={
                    2: (
                        finding(
                            FindingKind.CLAIM_AS_FACT,
                            Severity.ERROR,
                            "Jan Moser's claim stands in the English as a fact",
                            "s1.p2.2",
                        ),
                    )
                },
            ),
            make.block(
                "s1.c1",
                BlockKind.CAPTION,
                [
                    (
                        "Das Wehr von Aarwil am Freitagmorgen, von der Brücke aus gesehen.",
                        "The weir of Aarwil on Friday morning, seen from the bridge.",
                    )
                ],
                label="Legende:",
                credit="Keystone",
            ),
        ),
    )
    second = Section(
        "s2",
        SectionKind.LEAD_IN,
        make.block("s2.h", BlockKind.HEADING, [("So geht es weiter", "This is how it goes on")]),
        (
            make.block(
                "s2.p1",
                paragraph,
                [
                    (
                        "«Der Kanton hat uns nie gefragt.",
                        "“The canton never asked us.",
                    ),
                    (
                        "Und jetzt sollen wir 300 000 Franken zahlen.»",
                        "And now we are to pay 30,000 francs.”",
                    ),
                    (
                        "Das nehme die Gemeinde nicht hin, so Gemeindepräsident Ueli Brand laut dem «Seetaler Boten».",
                        "The municipality will not accept that, said Mayor Brand, according to the “Seetaler Bote.”",
                    ),
                ],
                findings={
                    2: (
                        finding(
                            FindingKind.FIGURE_LOST,
                            Severity.WARNING,
                            "300 000 in the German has no counterpart in the English",
                            "s2.p1.2",
                        ),
                    )
                },
            ),
            make.block(
                "s2.p2",
                BlockKind.LIST_ITEM,
                [("Die Einsprache läuft bis zum 30. Juni.", "The objection period runs until June 30.")],
            ),
            make.block(
                "s2.p3",
                BlockKind.LIST_ITEM,
                [("Danach entscheidet das Verwaltungsgericht.", "After that the administrative court decides.")],
            ),
        ),
    )
    third = Section(
        "s3",
        SectionKind.QUESTION,
        make.block(
            "s3.h",
            BlockKind.QUESTION,
            [("Frau Lüthi, was raten Sie den Leuten?", "Ms. Lüthi, what do you advise people?")],
        ),
        (
            make.block(
                "s3.p1",
                BlockKind.ANSWER,
                [
                    ("«Bleiben Sie vom Ufer weg.»", "Stay away from the bank."),
                    ("Und hören Sie auf die Feuerwehr.", ""),
                ],
                label="Vera Lüthi:",
                findings={
                    1: (
                        finding(
                            FindingKind.QUOTE_LOST,
                            Severity.ERROR,
                            "one pair of quotation marks is missing in the English",
                            "s3.p1.1",
                        ),
                    ),
                    2: (
                        finding(FindingKind.DROPPED_TEXT, Severity.ERROR, "the sentence has no translation", "s3.p1.2"),
                    ),
                },
            ),
        ),
    )
    direct, indirect, free = QuoteKind.DIRECT, QuoteKind.INDIRECT, QuoteKind.SUBJUNCTIVE
    luethi, moser, brand = "Regierungsrätin Vera Lüthi", "der Ingenieur Jan Moser", "Gemeindepräsident Ueli Brand"
    make.quote(
        indirect,
        ["Man habe die Lage «jederzeit im Griff» gehabt"],
        ["They had had the situation “under control at all times,”"],
        luethi,
        "Vera Lüthi",
        description="Regierungsrätin",
    )
    make.quote(direct, ["«jederzeit im Griff»"], ["“under control at all times,”"], luethi, "Vera Lüthi", partial=True)
    make.quote(
        direct,
        ["«Wir bauen das neue Wehr»", "«noch in diesem Jahr.»"],
        ["“We are building the new weir,”", "“this year.”"],
        moser,
        "Jan Moser",
        description="Ingenieur",
        status=Status.REPAIRED,
    )
    make.quote(
        free,
        ["Die Kosten seien höher als geplant."],
        ["The costs are higher than planned."],
        moser,
        "Jan Moser",
        confidence=0.6,
        rule="carried-over",
    )
    make.quote(
        direct,
        ["«Der Kanton hat uns nie gefragt. Und jetzt sollen wir 300 000 Franken zahlen.»"],
        ["“The canton never asked us.", "And now we are to pay 30,000 francs.”"],
        brand,
        "Ueli Brand",
        description="Gemeindepräsident",
        confidence=0.7,
        rule="named-after",
    )
    make.quote(
        indirect,
        ["Das nehme die Gemeinde nicht hin"],
        ["The municipality will not accept that"],
        brand,
        "Ueli Brand",
        medium="«Seetaler Boten»",
    )
    make.quote(
        direct,
        ["«Bleiben Sie vom Ufer weg.»"],
        [],
        "Vera Lüthi:",
        "Vera Lüthi",
        rule="interview",
        status=Status.MISSING,
    )
    figure = make.where("300 000")
    translations = tuple(
        replace(
            one,
            findings=tuple(
                replace(each, source=figure) if each.kind is FindingKind.FIGURE_LOST else each for each in one.findings
            ),
        )
        for one in make.translations
    )

    def cite(text: str, *segments: str, by: str | None = None) -> Sentence:
        return Sentence(text, segments, "extractive", by)

    return Record(
        article=Article(
            text=make.text,
            plain=make.text,
            sha256=sha256(make.text.encode()).hexdigest(),
            path="samples/wehr.txt",
            language="de",
            metadata=Metadata(
                title="Der Streit um das alte Wehr geht weiter",
                byline="Von Lea Amrein",
                date="2024-05-17",
                url=META["url"],
            ),
            sections=(front, first, second, third),
            header=Span(0, 17),
        ),
        ledger=Ledger(
            tuple(make.quotations),
            (Hearsay("h1", make.where("Zwei Keller sollen vollgelaufen sein."), make.where("sollen")),),
            (make.where("«Seetaler Boten»"),),
        ),
        translations=translations,
        renderings=tuple(make.renderings),
        summary=Summary(
            (
                SectionSummary(
                    "s1", (cite("In the night to Friday the Aare near Aarwil rose by 2.4 meters.", "s1.p1.1"),)
                ),
                SectionSummary("s2", (cite("The objection period runs until June 30.", "s2.p2.1"),)),
            ),
            Brief(
                cite("The dispute over the old weir goes on", "s0.p2.1"),
                (
                    cite("In the night to Friday the Aare near Aarwil rose by 2.4 meters.", "s1.p1.1"),
                    cite(
                        "The municipality will not accept that, said Mayor Brand, according to the “Seetaler Bote.”",
                        "s2.p1.3",
                        by="q6",
                    ),
                    cite("After that the administrative court decides.", "s2.p3.1"),
                ),
                ("q3", "q5", "q7"),
            ),
        ),
        findings=(
            Finding(
                FindingKind.QUOTE_UNCLOSED,
                Severity.INFO,
                "an opening quotation mark has no partner",
                make.where("«Seetaler Boten»"),
            ),
        ),
        provenance=PROVENANCE,
    )


def plain(text: str, target: str | None = None) -> Record:
    """Build a record of one section, a paragraph per line of ``text``, a segment per paragraph."""
    make = Builder()
    pairs = [(line, line if target is None else target) for line in re.split(r"\n+", text) if line]
    blocks = tuple(make.block(f"s1.p{number}", BlockKind.PARAGRAPH, [pair]) for number, pair in enumerate(pairs, 1))
    return Record(
        article=Article(
            text=make.text,
            plain=make.text,
            sha256=sha256(make.text.encode()).hexdigest(),
            path=None,
            language="de",
            metadata=Metadata(),
            sections=(Section("s1", SectionKind.OPENING, None, blocks),),
        ),
        ledger=Ledger(),
        translations=tuple(make.translations),
        renderings=(),
        summary=Summary(),
        findings=(),
        provenance=PROVENANCE,
    )
