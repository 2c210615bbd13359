"""How often claims are rightly found supported, contradicted or not found.

    python benchmarks/claims.py [DATA] [--each 40] [--llm] [--library FOLDER]

First the claims of tests/data/seed_claims.jsonl, written by hand about the five articles in seeds/ in
another language than the article's for most: true ones, the same with a number, date, name, denial or
direction changed, and some on what the articles do not mention. Then, with DATA (ntrex_en.txt and the
others of benchmarks/support.py), parallel news: every second document is in the library in one
language, and its sentences are claimed in another, as they are and changed; sentences of the other
documents are not found. And claims in other words than the articles' (news_claims.jsonl), written by hand: in
English and Chinese on the 1,500 articles of benchmarks/foreign.py, whose library FOLDER keeps, and in Chinese
and English on those of nyt_questions_dev.jsonl; each true one has another beside it with a fact changed.
Prints how many of each kind get each verdict, with the 95 % interval of the share that gets the right one:
"supported" for true claims, anything but that for changed ones, "not found" for others. With --llm the
offline LLM is asked, as it is by default.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newscite
from benchmarks import foreign, support
from benchmarks.figures import records
from index.languages.text import detect, primary
from index.records import Article

ROOT = Path(__file__).resolve().parent.parent
SEED = 7
EACH = 40
"""Claims of each kind, of parallel news."""
WRITTEN_IN = ("zh-Hant", "en", "ru")
CLAIMED_IN = {"zh-Hant": "en", "en": "zh-Hans", "ru": "en"}
NEWS_CLAIMS = Path(__file__).with_name("news_claims.jsonl")
VERDICTS = ("supported", "partly", "contradicted", "not found", "no claim")

Claim = tuple[str, str]
"""Kind and words."""


def of_seeds() -> list[Claim]:
    found = records(ROOT / "tests/data/seed_claims.jsonl")
    return [(one["kind"], one["claim"]) for one in found]


def of_parallel_news(folder: Path, each: int = EACH) -> tuple[list[Article], list[Claim]]:
    """The articles, and claims about them and about others."""
    rng = random.Random(SEED)  # noqa: S311
    lines, documents = support.read(folder)
    names = sorted(set(documents))
    held = {
        name: WRITTEN_IN[n // 2 % len(WRITTEN_IN)] for n, name in enumerate(names) if n % 2 == 0
    }
    articles = [
        Article(
            "\n".join(lines[tag][n] for n, d in enumerate(documents) if d == name),
            file=f"{name}.txt",
            language=tag,
        )
        for name, tag in held.items()
    ]
    pool = support._name_pool(lines["en"])
    claims: list[Claim] = []
    for number, document in enumerate(documents):
        tag = CLAIMED_IN[held.get(document, "zh-Hant")]
        claim = lines[tag][number]
        if len(claim) < 12 or claim.endswith(("?", "？")):
            continue
        claims.append(("true" if document in held else "not held", claim))
        for kind, change in support.CHANGES.items() if document in held else ():
            changed = change(claim, tag, pool, rng)
            if changed and changed != claim:
                claims.append((kind, changed))
    rng.shuffle(claims)
    chosen: Counter[str] = Counter()
    kept = []
    for kind, claim in claims:
        if chosen[kind] < each:
            chosen[kind] += 1
            kept.append((kind, claim))
    return articles, kept


def of_english_news(folder: Path) -> list[Article]:
    """The paragraphs of New York Times news, by article."""
    by_article: dict[str, list[str]] = {}
    for row in records(folder / "nyt_questions_dev.jsonl"):
        by_article.setdefault(row["title"], []).append(row["context"])
    return [
        Article("\n\n".join(dict.fromkeys(texts)), file=f"{number}.txt", language="en")
        for number, texts in enumerate(by_article.values())
    ]


def of_news(news: str, language: str) -> list[Claim]:
    """The claims on Chinese or English news in a language."""
    return [
        (one["kind"], one["claim"])
        for one in records(NEWS_CLAIMS)
        if one["news"] == news and primary(detect(one["claim"])) == language
    ]


def right(kind: str, verdict: str) -> bool:
    if kind == "true":
        return verdict == "supported"
    return verdict == "not found" if kind == "not held" else verdict != "supported"


def interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson's."""
    z, share = 1.96, hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return centre - half, centre + half


def show(library: newscite.Library, claims: Iterable[Claim]) -> None:
    found: dict[str, Counter[str]] = {}
    began = time.process_time()
    for kind, words in claims:
        verdicts = [one.verdict for one in library.check(words).claims]
        worst = max(verdicts, key=("no claim", *VERDICTS).index)  # of a claim of two sentences
        found.setdefault(kind, Counter())[worst] += 1
    total = sum(sum(counts.values()) for counts in found.values())
    print(f"{'':11}{'n':>5}" + "".join(f"{v:>14}" for v in VERDICTS) + f"{'right':>18}")
    for kind, counts in found.items():
        n = sum(counts.values())
        good = sum(count for verdict, count in counts.items() if right(kind, verdict))
        low, high = interval(good, n)
        cells = "".join(f"{counts[v]:14}" for v in VERDICTS)
        print(f"{kind:11}{n:5}{cells}    {good / n:.2f} ({low:.2f}-{high:.2f})")
    print(
        f"{(time.process_time() - began) / total:.2f} s of processor time for a claim\n", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--llm", action="store_true", help="the offline LLM is asked, too")
    parser.add_argument(
        "--each", type=int, default=EACH, help="claims of each kind, of parallel news"
    )
    parser.add_argument("--library", type=Path, help="a folder to keep the Chinese news in")
    given = parser.parse_args()
    data, llm = given.data, {"model": "bundled" if given.llm else "none"}
    with tempfile.TemporaryDirectory() as folder:
        with newscite.open(Path(folder) / "seeds", llm=llm) as library:
            library.add(ROOT / "seeds")
            print("The five articles in seeds/")
            show(library, of_seeds())
        if data is None:
            return
        articles, claims = of_parallel_news(data, given.each)
        with newscite.open(Path(folder) / "news", llm=llm) as library:
            library.add_articles(articles)
            print(f"Parallel news: {len(articles)} articles, claims in another language")
            show(library, claims)
        with newscite.open(Path(folder) / "english", llm=llm) as library:
            library.add_articles(of_english_news(data))
            show_news(library, "english")
        with newscite.open(given.library or Path(folder) / "chinese", llm=llm) as library:
            if not library.status().articles:
                library.add_articles(foreign.articles(data))
            show_news(library, "chinese")


def show_news(library: newscite.Library, news: str) -> None:
    for language in ("en", "zh"):
        print(f"News in {news.title()}, claims in {language}, in other words")
        show(library, of_news(news, language))


if __name__ == "__main__":
    main()
