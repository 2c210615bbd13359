"""The data sets, as examples and as questions to measure with.

In: the folder of data sets. Out: `Example`s of what answers (whatever does not is added in
`negatives.py`), and `Group`s from articles that no example comes from.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import newscite
from index.config import SplitSettings
from index.embed.passages import split_article
from index.languages.text import fold, primary
from index.records import Article
from training.records import Example, Group, Passage

ROOT = Path(__file__).parent.parent
SPLIT = SplitSettings()
MARGIN = 3
"""Sentences before and behind that a sentence without its article is shown with."""


def records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def passages(text: str, language: str, title: str = "", document: str = "") -> list[Passage]:
    """The passages of an article, as the library splits it."""
    found = []
    before = ""
    for passage in split_article(Article(text, title, language=language), "", SPLIT):
        spans = tuple((s.start - passage.start, s.end - passage.start) for s in passage.sentences)
        found.append(Passage(passage.text, spans, title, before, document or text, language))
        before = passage.text[spans[-1][0] : spans[-1][1]]
    return found


def holding(passage: Passage, answer: str) -> tuple[int, ...]:
    """The sentences that hold the words of an answer."""
    wanted = fold(answer)
    text = fold(passage.text)
    return tuple(n for n, (a, b) in enumerate(passage.sentences) if wanted in text[a:b])


def located(
    asked: str, text: str, found: list[Passage], answer: str, start: int, source: str
) -> Example | None:
    """The passage in which an answer stands at an offset of the article's text."""
    at = 0
    for passage in found:
        at = text.find(passage.text, at)
        if at <= start < at + len(passage.text):
            first, last = start - at, start - at + len(answer)
            gold = tuple(n for n, (a, b) in enumerate(passage.sentences) if a < last and b > first)
            doubtful = tuple(n for n in holding(passage, answer) if n not in gold)
            if gold:
                siblings = tuple(each for each in found if each is not passage)
                return Example(
                    asked,
                    passage,
                    gold,
                    doubtful,
                    False,
                    (first, last),
                    "",
                    (answer,),
                    source,
                    siblings,
                )
        at += max(1, len(passage.text) // 2)
    return None


def spans(folder: Path, name: str, titles: bool = True) -> Iterator[Example]:
    """Data sets of contexts with the offsets of answers."""
    for number, record in enumerate(records(folder / "train" / f"{name}.jsonl")):
        text, language = record["context"], record["lang"]
        title = record["title"] if titles and not record["title"].startswith("http") else ""
        found = passages(text, language, title, f"{name}-{number}")
        for question in record["questions"]:
            example = located(
                question["question"], text, found, question["answer"], question["start"], name
            )
            if example:
                yield example


def by_words(asked: str, found: list[Passage], answer: str, source: str) -> Iterator[Example]:
    """Where only the words of the answer are known: what holds them answers."""
    holders = [(passage, gold) for passage in found if (gold := holding(passage, answer))]
    for passage, gold in holders[:1]:
        start = fold(passage.text).find(fold(answer), passage.sentences[gold[0]][0])
        yield Example(
            asked,
            passage,
            gold,
            (),
            len(gold) > 1 or len(holders) > 1,
            (start, start + len(answer)) if len(gold) == 1 else None,
            "",
            (answer,),
            source,
            tuple(each for each in found if each is not passage),
        )


def drcd(folder: Path, measured: bool) -> Iterator[tuple[str, list[Passage], str]]:
    """Questions, passages of the article, answers; the last 150 articles are to measure with."""
    for number, record in enumerate(records(folder / "eval" / "drcd_dev.jsonl")):
        if (number >= 850) == measured:
            found = passages(record["context"], "zh-Hant", document=f"drcd-{number}")
            for question in record["questions"]:
                yield question["question"], found, question["answer"]


def xquad(folder: Path, measured: bool) -> Iterator[tuple[str, str, str, list[Passage], str]]:
    """Question's language, article's, question, passages, answer; the second half is to measure."""
    for number, record in enumerate(records(folder / "eval" / "xquad_ru_dev.jsonl")):
        if (number >= 60) != measured:
            continue
        for theirs in ("zh", "en", "ru"):
            found = passages(record[theirs], theirs, document=f"xquad-{number}")
            for question in record["questions"]:
                for ours in ("zh", "en", "ru"):
                    yield ours, theirs, question[ours], found, question[f"answer_{theirs}"]


def chronoqa(folder: Path) -> Iterator[Example]:
    for number, record in enumerate(records(folder / "train" / "chronoqa_zh.jsonl")):
        chunks = [chunk for chunk in record["chunks"] if len(chunk) > 15]
        if not chunks:
            continue
        for place, chunk in enumerate(chunks):
            found = passages(chunk, "zh", document=f"chronoqa-{number}-{place}")
            if fold(record["answer"]) in fold(chunk):
                yield from by_words(record["question"], found, record["answer"], "chronoqa")
            elif len(chunks) == 1 and len(found) == 1:
                everything = tuple(range(len(found[0].sentences)))
                yield Example(
                    record["question"],
                    found[0],
                    everything,
                    (),
                    len(everything) > 1,
                    None,
                    "",
                    (record["answer"],),
                    "chronoqa",
                )


def joined(sentences: list[str], language: str, title: str, document: str) -> Passage:
    """Sentences put together as a passage."""
    text, found = "", []
    gap = "" if language == "zh" else " "
    for sentence in sentences:
        text += gap if text else ""
        found.append((len(text), len(text) + len(sentence)))
        text += sentence
    return Passage(text, tuple(found), title, "", document, language)


def selqa(folder: Path) -> Iterator[Example]:
    for number, record in enumerate(records(folder / "train" / "selqa_en.jsonl")):
        sentences, answers = record["sentences"], record["answers"]
        if not answers:
            continue
        first = max(0, min(answers) - number % 5)
        window = sentences[first : max(max(answers) + 1, first + 6)]
        if sum(map(len, window)) > 1600:
            continue
        gold = tuple(n - first for n in answers)
        passage = joined(window, "en", "", f"selqa-{number}")
        answers_ = tuple(sentences[n] for n in answers)
        yield Example(record["question"], passage, gold, answers=answers_, source="selqa")


def squad_sentences(folder: Path) -> Iterator[Example]:
    rows = list(records(folder / "train" / "squad_sentences_en.jsonl"))
    order = list(dict.fromkeys(row["sentence"] for row in rows))
    place = {sentence: n for n, sentence in enumerate(order)}
    for number, row in enumerate(rows):
        at = place[row["sentence"]]
        first = max(0, at - number % (MARGIN + 1))
        window = order[first : max(at + 1, first + MARGIN + 1)]
        if sum(map(len, window)) > 1600:
            continue
        passage = joined(window, "en", "", f"squad-{at // 20}")
        yield Example(
            row["question"], passage, (at - first,), answers=(row["sentence"],), source="squad"
        )


def questions(folder: Path) -> Iterator[Example]:
    """Everything that answers questions."""
    for name in ("cmrc_train_zh", "cmrc_trial_zh", "mlqa_dev_cross", "tydi_en", "qed_en"):
        yield from spans(folder, name)
    yield from spans(folder, "crud_news_zh")
    yield from chronoqa(folder)
    for asked, found, answer in drcd(folder, measured=False):
        yield from by_words(asked, found, answer, "drcd")
    for _, _, asked, found, answer in xquad(folder, measured=False):
        yield from by_words(asked, found, answer, "xquad")
    yield from selqa(folder)
    yield from squad_sentences(folder)


def unanswered(folder: Path) -> Iterator[Example]:
    """Questions of NoMIRACL with passages that people found not to answer them: every second."""
    for number, record in enumerate(records(folder / "eval" / "nomiracl_dev.jsonl")):
        if not record["answerable"] and number % 4 < 2:
            for passage in nomiracl_passages(record, number):
                yield Example(record["question"], passage, source="nomiracl")


def nomiracl_passages(record: dict[str, Any], number: int) -> list[Passage]:
    found = []
    for passage in record["passages"]:
        title, _, text = passage.partition(": ")
        found += passages(text or title, record["lang"], title, f"nomiracl-{number}")[:2]
    return found


def measured(folder: Path) -> Iterator[Group]:
    """Questions to measure with, and where they are answered."""

    def group(asked: str, found: list[Passage], answers: list[str], kind: str) -> Group:
        gold = tuple(
            tuple(sorted({n for answer in answers for n in holding(passage, answer)}))
            for passage in found
        )
        return Group(asked, tuple(found), gold, any(gold), kind)

    yield from about_seeds()
    for asked, found, answer in drcd(folder, measured=True):
        yield group(asked, found, [answer], "drcd")
    for ours, theirs, asked, found, answer in xquad(folder, measured=True):
        yield group(asked, found, [answer], f"xquad {ours}-{theirs}")
    for name, kind in (("nyt_questions_dev", "nyt"), ("bipar_cross_dev", "bipar")):
        for number, record in enumerate(records(folder / "eval" / f"{name}.jsonl")):
            found = passages(record["context"], record["lang"], document=f"{name}-{number}")
            for question in record["questions"][:2]:
                answers = question.get("answers") or [question["answer"]]
                pair = "" if kind == "nyt" else f" {primary(question['lang'])}-{record['lang']}"
                yield group(question["question"], found, answers, kind + pair)
    for number, record in enumerate(records(folder / "eval" / "nomiracl_dev.jsonl")):
        found = nomiracl_passages(record, number)
        half = "seen" if number % 4 < 2 else "unseen"
        yield Group(
            record["question"],
            tuple(found),
            tuple(() for _ in found),
            record["answerable"],
            f"nomiracl {record['lang']} {half}",
        )


def about_seeds() -> Iterator[Group]:
    """The questions about the seeds, each with the ten passages that the search finds."""
    questions_ = [
        *records(ROOT / "tests/data/seed_questions.jsonl"),
        *records(ROOT / "tests/data/more_questions.jsonl"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        library = newscite.open(Path(folder) / "library")
        library.add([str(ROOT / "seeds")])
        for record in questions_:
            hits = library.search(record["question"])
            found, gold = [], []
            for hit in hits:
                start = hit.passage.start
                spans = tuple((s.start - start, s.end - start) for s in hit.passage.sentences)
                passage = Passage(
                    hit.passage.text, spans, hit.article.title, language=hit.passage.language
                )
                quotes = [fold(e["quote"]) for e in record["evidence"]]
                text = fold(passage.text)
                found.append(passage)
                gold.append(
                    tuple(
                        n
                        for n, (a, b) in enumerate(spans)
                        if any(q in text[a:b] or text[a:b] in q for q in quotes)
                    )
                )
            own = {primary(hit.passage.language) for hit, g in zip(hits, gold, strict=True) if g}
            kind = "seeds" if primary(record["lang"]) in own else "seeds across"
            yield Group(record["question"], tuple(found), tuple(gold), record["answerable"], kind)
        library.close()


def claims(folder: Path) -> Iterator[Example]:
    """Claims that people wrote or judged."""
    for number, record in enumerate(records(folder / "train" / "foolmetwice_en.jsonl")):
        evidence, near = (
            record["evidence"],
            [s for s in record["near"] if s not in record["evidence"]],
        )
        shown = [*near[: number % 4], *evidence, *near[number % 4 : 4]]
        gold = tuple(n for n, s in enumerate(shown) if s in evidence)
        passage = joined(shown, "en", "", f"fm2-{number}")
        verdict = "supports" if record["label"] == "SUPPORTS" else "contradicts"
        yield Example(record["claim"], passage, gold, verdict=verdict, source="foolmetwice")
        if near:
            passage = joined(near[:5], "en", "", f"fm2-{number}")
            yield Example(record["claim"], passage, verdict="nothing", source="foolmetwice")
    for number, record in enumerate(records(folder / "train" / "uhgeval_news_zh.jsonl")):
        wrong = any(note.startswith("不合理") for _, note in record["annotations"])
        if wrong:
            text = f"{record['beginning']}\n{record['remainder']}"
            for passage in passages(text, "zh", record["headline"], f"uhgeval-{number}")[:2]:
                yield Example(record["claim"], passage, verdict="unsupported", source="uhgeval")
    for language in ("en", "zh"):
        yield from pawsx(folder, language, language)
    yield from pawsx(folder, "en", "zh")
    yield from pawsx(folder, "zh", "en")


def pawsx(folder: Path, theirs: str, ours: str) -> Iterator[Example]:
    def rows(language: str) -> list[list[str]]:
        path = folder / "train" / f"pawsx_{language}.tsv"
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))

    for number, (row, other) in enumerate(zip(rows(theirs), rows(ours), strict=True)):
        passage = joined([row[0]], theirs, "", f"pawsx-{number}")
        same = row[2] == "1"
        yield Example(
            other[1], passage, (0,), verdict="supports" if same else "unsupported", source="pawsx"
        )
