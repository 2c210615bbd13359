"""How much of the articles extraction keeps, and how clean it is beside trafilatura.

    python benchmarks/extraction.py articles.jsonl     JSON Lines with clean `text`: nothing may be
                                                       lost; prints the share of characters kept.
                                                       Or the folder of `crud_news_sample.jsonl`
    python benchmarks/extraction.py pages/             saved pages, each NAME.html with its article
                                                       in NAME.txt: token F1, ours and trafilatura's

F1 is over bags of tokens (a Han character, or a word), averaged over pages, by language.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.languages.text import detect, primary
from index.read.encoding import declared_encoding, decode
from index.read.sources import find_sources, load_pages
from index.records import Article, Page, Rejection

SAMPLE_FILE = "crud_news_sample.jsonl"
TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")


def kept_characters(file: Path) -> None:
    """Characters other than white space in the texts of a file, and in what became of them."""
    settings = LoadSettings()
    given = kept = damaged = count = 0
    began = time.perf_counter()
    for source in find_sources([file], settings):
        if isinstance(source, Rejection):
            sys.exit(f"{source.source}: {source.reason}")
        for page in load_pages(source, settings):
            if not isinstance(page, Page):
                sys.exit(f"Not read: {page}")
            count += 1
            before = "".join(page.text.split())
            articles = [a for a in extract_articles(page, settings) if isinstance(a, Article)]
            stated = str(page.metadata.get("title", ""))
            after = "".join(
                part
                for article in articles
                for part in ("" if article.title == stated else article.title, article.text)
            )
            after = "".join(after.split())
            given += len(before)
            kept += len(before) - sum((Counter(before) - Counter(after)).values())
            damaged += before != after
    seconds = time.perf_counter() - began
    print(f"{count} articles, {given} characters: {100 * kept / max(1, given):.4f} % kept")
    print(f"{damaged} articles changed; {count / seconds:.0f} articles a second")


def compare_pages(folder: Path) -> None:
    """Token F1 on saved pages, ours and trafilatura's."""
    import trafilatura

    settings = LoadSettings()
    scores: dict[tuple[str, str], list[tuple[float, float, float]]] = defaultdict(list)
    for file in sorted(folder.rglob("*.html")):
        gold_file = file.with_suffix(".txt")
        if not gold_file.exists():
            continue
        data = file.read_bytes()
        gold = gold_file.read_text(encoding="utf-8-sig", errors="replace")
        markup = decode(data, declared_encoding(data))
        found = extract_articles(Page(file.name, markup, "html"), settings)
        ours = "\n".join(a.text for a in found if isinstance(a, Article))
        language = primary(detect(gold))
        scores[language, "newscite"].append(token_f1(gold, ours))
        scores[language, "trafilatura"].append(token_f1(gold, trafilatura.extract(markup) or ""))
    if not scores:
        sys.exit(f"No pages with their texts in {folder}: see the top of {__file__}.")
    print(f"{'':4} {'':12} {'pages':>5} {'F1':>6} {'prec.':>6} {'recall':>6}")
    for (language, name), rows in sorted(scores.items()):
        f1, precision, recall = map(fmean, zip(*rows, strict=True))
        print(f"{language:4} {name:12} {len(rows):5} {f1:6.3f} {precision:6.3f} {recall:6.3f}")


def token_f1(gold: str, text: str) -> tuple[float, float, float]:
    """F1, precision and recall of two bags of tokens."""
    wanted, found = (Counter(TOKEN.findall(t.lower())) for t in (gold, text))
    common = sum((wanted & found).values())
    if not common:
        return (0.0, 0.0, 0.0)
    precision, recall = common / sum(found.values()), common / sum(wanted.values())
    return 2 * precision * recall / (precision + recall), precision, recall


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="a JSON Lines file, or a folder of saved pages")
    data = parser.parse_args().data
    if not data.exists():
        sys.exit(f"No such file or folder: {data}")
    sample = data / SAMPLE_FILE
    if sample.is_file():
        data = sample
    compare_pages(data) if data.is_dir() else kept_characters(data)
