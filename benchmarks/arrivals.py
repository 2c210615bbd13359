"""What becomes of the files people really have: wrapped, exported, two to a page, PDF, scans.

    python benchmarks/arrivals.py DATA [--each 12] [--only pdf,scan] [--failures FILE]

DATA holds `crud_news_sample.jsonl` and the NTREX files. Articles of known text, title, outlet, author
and date are made into files of each format and read as `newscite add` reads them. Prints for each
format the share of the articles' text that is kept in order, the share of what was read that is
theirs, and for how many articles each field is right.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.arriving import archives, pages, texts
from benchmarks.arriving.samples import Sample, samples
from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.languages.text import fold
from index.read.sources import find_sources, load_pages
from index.records import Article, Page, Rejection

TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+|[^\w\s]")
FIELDS = ("title", "outlet", "published", "author")
File = tuple[str, bytes, Sequence[Sample]]
"""Its name, what is in it, and the articles that should come out."""


def wrapped(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, s in enumerate(all_samples):
        text = texts.wrapped(s, (60, 64, 68, 72, 76, 80)[i % 6], i % 3)
        yield f"{i}.txt", text.encode(), [s]


def factiva(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, group in enumerate(texts.pairs(all_samples, 3)):
        yield f"{i}.txt", texts.factiva(group, bool(i % 2)).encode(), group


def wisers(all_samples: Sequence[Sample]) -> Iterator[File]:
    chinese = [s for s in all_samples if s.chinese]
    for i, group in enumerate(texts.pairs(chinese, 3)):
        yield f"{i}.txt", texts.wisers(group, i % 2).encode(), group


def two_on_a_page(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, group in enumerate(texts.pairs(all_samples, 2)):
        yield f"{i}.html", texts.two_on_a_page(group).encode(), group


def docx(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, s in enumerate(all_samples):
        yield f"{i}.docx", texts.docx(s), [s]


def settable(all_samples: Sequence[Sample]) -> list[Sample]:
    return [s for s in all_samples if pages.font(s.language)]


def pdf(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, s in enumerate(settable(all_samples)):
        head = f"{s.outlet}  {s.published}" if i % 3 == 0 else ""
        yield f"{i}.pdf", pages.pdf([s], 1, indent=bool(i % 2), hyphenate=True, head=head), [s]


def pdf_columns(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, s in enumerate(settable(all_samples)):
        made = pages.pdf(
            [s], 2 + i % 2, bool(i % 2), bool(i % 3), hyphenate=bool(i % 4), head=s.outlet
        )
        yield f"{i}.pdf", made, [s]


def pdf_stories(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, group in enumerate(texts.pairs(settable(all_samples), 2)):
        yield f"{i}.pdf", pages.pdf(group, 2 + i % 2, bool(i % 2), head=""), group


def pdf_vertical(all_samples: Sequence[Sample]) -> Iterator[File]:
    chinese = [s for s in all_samples if s.chinese]
    for i, s in enumerate(chinese):
        yield f"{i}.pdf", pages.vertical_pdf(s, 1 + i % 3, bool(i % 2)), [s]


def nexis(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, group in enumerate(texts.pairs(all_samples, 3)):
        lines = archives.nexis_uni(group)
        old = archives.nexis_old(group).encode()
        yield (
            (f"{i}.txt", old, group)
            if i % 2
            else (f"{i}.docx", archives.as_docx(lines, group[1].title), group)
        )


def proquest(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, group in enumerate(texts.pairs(all_samples, 3)):
        yield f"{i}.txt", archives.proquest(group).encode(), group


def rtf(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, group in enumerate(texts.pairs(all_samples, 3)):
        made = (archives.nexis_uni(group), texts.factiva(group, False).split("\n"))
        yield f"{i}.rtf", archives.as_rtf(made[i % 2]), group


def html_exports(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, group in enumerate(texts.pairs(all_samples, 3)):
        made = (
            texts.factiva(group, bool(i % 4)).split("\n"),
            archives.nexis_uni(group),
            archives.proquest(group).split("\n"),
        )
        yield f"{i}.html", archives.as_html([line for line in made[i % 3] if line]).encode(), group


def dow_jones(all_samples: Sequence[Sample]) -> Iterator[File]:
    for i, group in enumerate(texts.pairs(all_samples, 3)):
        yield f"{i}.xml", archives.dow_jones(group).encode(), group


def scanned(
    all_samples: Sequence[Sample], count: int, columns: int, askew: float, turned: float = 0
) -> Iterator[File]:
    readable = [s for s in settable(all_samples) if s.language != "ru"]
    for i, s in enumerate(readable[:count]):
        page = pages.pdf([s], columns, indent=bool(i % 3))
        yield f"{i}.pdf", pages.scan(page, askew=askew, turned=turned * (-1) ** i), [s]


def scan(all_samples: Sequence[Sample]) -> Iterator[File]:
    yield from scanned(all_samples, 6, 1, 0)


def scan_askew(all_samples: Sequence[Sample]) -> Iterator[File]:
    for number, angle in enumerate((1.0, 2.0, 3.0)):
        yield from scanned(all_samples[2 * number :], 2, 1, 0.2, angle)


def scan_columns(all_samples: Sequence[Sample]) -> Iterator[File]:
    yield from scanned(all_samples, 6, 2, 0.4)


def scan_vertical(all_samples: Sequence[Sample]) -> Iterator[File]:
    chinese = [s for s in all_samples if s.chinese]
    for i, s in enumerate(chinese[:3]):
        yield f"{i}.pdf", pages.scan(pages.vertical_pdf(s, 1 + i % 2)), [s]


FORMATS: dict[str, Callable[[Sequence[Sample]], Iterator[File]]] = {
    "wrapped": wrapped, "factiva": factiva, "wisers": wisers, "two-on-a-page": two_on_a_page, "docx": docx,
    "pdf": pdf, "pdf-columns": pdf_columns, "pdf-stories": pdf_stories, "pdf-vertical": pdf_vertical,
    "nexis": nexis, "proquest": proquest, "rtf": rtf, "html": html_exports, "dowjones": dow_jones,
    "scan": scan, "scan-askew": scan_askew, "scan-columns": scan_columns, "scan-vertical": scan_vertical,
}  # fmt: skip


def read(file: Path) -> tuple[list[Article], list[Rejection]]:
    """What `newscite add` makes of a file, before it is embedded."""
    settings = LoadSettings()
    found: list[Article | Rejection] = []
    for source in find_sources([file], settings):
        if isinstance(source, Rejection):
            found.append(source)
            continue
        for page in load_pages(source, settings):
            found += extract_articles(page, settings) if isinstance(page, Page) else [page]
    return (
        [f for f in found if isinstance(f, Article)],
        [f for f in found if isinstance(f, Rejection)],
    )


def tokens(text: str) -> list[str]:
    """Words, Han characters and marks; OCR cannot tell a wide comma from another."""
    return TOKEN.findall(unicodedata.normalize("NFKC", text))


def matched(one: Sequence[str], other: Sequence[str]) -> int:
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def score(
    expected: Sequence[Sample], found: Sequence[Article]
) -> Iterator[tuple[float, float, dict[str, bool], str]]:
    """For each article: text kept, text that is its own, fields right, and what went wrong."""
    left = list(found)
    for sample in expected:
        gold = tokens("\n".join(sample.paragraphs))
        have = set(zip(gold, gold[1:], gold[2:], strict=False))

        def likeness(article: Article, have: set[tuple[str, str, str]] = have) -> int:
            got = tokens(article.text)
            return len(have & set(zip(got, got[1:], got[2:], strict=False)))

        best = max(left, key=likeness, default=None)
        if best is None or not likeness(best):
            yield 0.0, 0.0, dict.fromkeys(FIELDS, False), f"{sample.title}: not found"
            continue
        left.remove(best)
        got = tokens(best.text)
        same = matched(gold, got)
        right = {
            "title": _key(best.title) == _key(sample.title),
            "outlet": _key(best.outlet) == _key(sample.outlet),
            "published": best.published[:10] == sample.published.isoformat(),
            "author": _key(best.author) == _key(sample.author),
        }
        wrong = [
            f"{n}: {getattr(best, n)!r} for {getattr(sample, n)!s}" for n in FIELDS if not right[n]
        ]
        kept, own = same / len(gold), same / max(1, len(got))
        if min(kept, own) < 0.99:
            wrong.append(f"kept {kept:.3f}, own {own:.3f}: {_differences(gold, got)}")
        yield kept, own, right, f"{sample.title}: {'; '.join(wrong)}" if wrong else ""
    for article in left:
        yield 0.0, 0.0, dict.fromkeys(FIELDS, False), f"foreign article: {article.text[:80]!r}"


def _key(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _differences(gold: Sequence[str], got: Sequence[str]) -> str:
    codes = SequenceMatcher(None, gold, got, autojunk=False).get_opcodes()
    parts = [
        f"-{' '.join(gold[a:b])[:60]!r} +{' '.join(got[c:d])[:60]!r}"
        for kind, a, b, c, d in codes
        if kind != "equal"
    ]
    return ", ".join(parts[:4])


def measure(name: str, all_samples: Sequence[Sample], failures: list[str]) -> None:
    """Prints one row of the table."""
    rows: list[tuple[float, float, dict[str, bool]]] = []
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for file_name, content, expected in FORMATS[name](all_samples):
            file = Path(folder) / file_name
            file.write_bytes(content)
            found, rejected = read(file)
            for kept, own, right, wrong in score(expected, found):
                rows.append((kept, own, right))
                if wrong:
                    why = "; ".join(r.reason for r in rejected)
                    failures.append(f"{name} {file_name}: {wrong} {why}")
    if not rows:
        return
    fields = [fmean(r[2][f] for r in rows) for f in FIELDS]
    cells = [fmean(r[0] for r in rows), fmean(r[1] for r in rows), *fields]
    print(
        f"{name:14} {len(rows):5} " + " ".join(f"{c:9.3f}" for c in cells),
        f"{time.process_time() - began:7.1f}s",
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder of evaluation data")
    parser.add_argument("--each", type=int, default=12, help="articles of each language")
    parser.add_argument("--only", default=",".join(FORMATS), help="formats, separated by commas")
    parser.add_argument("--failures", type=Path, help="write what went wrong to this file")
    options = parser.parse_args()
    if not (options.data / "crud_news_sample.jsonl").is_file():
        sys.exit(f"No crud_news_sample.jsonl in {options.data}.")
    made = samples(options.data, options.each)
    failures: list[str] = []
    print(f"{'':14} {'':5} " + " ".join(f"{n:>9}" for n in ("kept", "own", *FIELDS)))
    for name in options.only.split(","):
        measure(name, made, failures)
    if options.failures:
        options.failures.write_text("\n".join(failures) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
