"""Hand-made answers for tests of rendering and export, and a library that gives them."""

from __future__ import annotations

from index.records import Passage, Sentence
from index.store.rows import StoredArticle
from rag.answer.answer import Answer, AnswerSentence
from rag.results.hits import Citation, Hit, Hits

OUTLET_TEXT = (
    "哈薩克斯坦關閉了在俄羅斯的貿易代表處。\n"
    "在俄烏沖突的背景下,哈國越來越希望提高國家的自主權。其次,在能源方面,也想適度減輕對俄能源的依賴。\n"
    "分析人士說,這是與俄脫鉤的第一步。"
)
ENGLISH_TEXT = (
    "Kazakhstan has closed its trade office in Russia after 31 years. "
    "Moscow said it would not do the same.\nThe move follows a visit by the US secretary of state."
)

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "\"><svg onload='alert(1)'>",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} $$\\href{javascript:alert(1)}{x}$$",
    "</div></article><h1>**bold** `code`\n\n# heading\n\n<iframe src=http://evil.example>",
)
"""Texts that would act if any renderer let them."""


def article(text: str, name: str = "a1", **fields: object) -> StoredArticle:
    given: dict[str, object] = {
        "title": f"Title of {name}",
        "outlet": f"Outlet {name}",
        "author": f"Author {name}",
        "published": "2023-03-01T20:01:42",
        "url": f"https://news.example/{name}?a=1&b=2",
        "language": "zh-Hant",
        "file": f"{name}.txt",
        "id": name,
        "group": name,
    }
    return StoredArticle(text=text, **(given | fields))  # type: ignore[arg-type]


CHINESE = article(OUTLET_TEXT, "a1", guessed=frozenset({"outlet"}))
ENGLISH = article(ENGLISH_TEXT, "b2", language="en", published="2023-03-02", author="")
REPRINT = article(OUTLET_TEXT, "c3", url="")


def hit(source: StoredArticle, best: str, rank: int = 1, **fields: object) -> Hit:
    """The whole text as one passage, whose best sentence is `best`."""
    start = source.text.index(best)
    sentence = Sentence(start, start + len(best))
    passage = Passage(source.id, 0, len(source.text), source.text, (sentence,), source.language)
    return Hit(rank, 1.0 - rank / 10, passage, source, sentence, **fields)  # type: ignore[arg-type]


def citation(n: int, source: StoredArticle, quote: str, **fields: object) -> Citation:
    start = source.text.index(quote)
    return Citation(n, quote, start, start + len(quote), "p", source, **fields)  # type: ignore[arg-type]


QUOTES = (
    "也想適度減輕對俄能源的依賴。",
    "Moscow said it would not do the same.",
    "與俄脫鉤的第一步",
)

HITS = Hits(
    "為什麼?",
    (
        hit(
            CHINESE,
            QUOTES[0],
            1,
            duplicates=(REPRINT,),
            reasons={"names": ["哈薩克"], "dense": 0.8},
        ),
        hit(ENGLISH, QUOTES[1], 2),
    ),
    searched=("為什麼?", "Why?"),
    confidence=0.9,
)

ANSWER = Answer(
    question="為什麼哈薩克關閉駐俄貿易代表處?",
    language="zh-Hant",
    abstained=False,
    sentences=(
        AnswerSentence("哈薩克想減輕對俄能源的依賴。", (1,), supported=True, support=0.9),
        AnswerSentence("俄方表示不會這樣做。", (2, 3), supported=True, support=0.8),
        AnswerSentence("有60,000人抗議。", (), reasons=("the number 60,000 is not in the source",)),
    ),
    citations=(
        citation(1, CHINESE, QUOTES[0], also_in=(REPRINT,)),
        citation(2, ENGLISH, QUOTES[1]),
        citation(3, CHINESE, QUOTES[2]),
    ),
    hits=HITS,
    llm="test-llm",
    embedder="test-embedder",
    seconds={"total": 1.5},
)

ABSTAINED = Answer(
    question="Who won the cup?",
    language="en",
    abstained=True,
    sentences=(AnswerSentence("The articles do not say."),),
    citations=(),
    hits=HITS,
    llm="extractive",
    embedder="test-embedder",
)
