"""Retrieval: the right passage in any language and script, what is reported, what is left out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from llama_index.core.schema import QueryBundle

from index.config import RetrieveSettings, Settings
from index.errors import InputError
from index.library import Library
from index.records import Article
from index.store.filters import Filter
from rag.evidence import first_hits
from rag.frameworks.llama_index import LibraryRetriever
from rag.question.follow_ups import complete_follow_up
from rag.question.query import question_parts
from rag.retrieve.merging import merge
from rag.retrieve.retriever import Retriever
from rag.retrieve.score import Candidate

STORY = (
    "哈薩克政府宣布關閉駐俄羅斯貿易代表處。官方表示此舉是為了節省開支。\n"
    "代表處成立於1992年,存續了三十一年。"
)


@pytest.fixture
def retriever(library: Library) -> Retriever:
    return Retriever(library, Settings())


def retrieve_settings(**values: object) -> Settings:
    return Settings(retrieve=RetrieveSettings(**values))  # type: ignore[arg-type]


@pytest.mark.parametrize("question", ["哈薩克為何關閉貿易代表處?", "哈萨克为何关闭贸易代表处?"])
def test_either_script_finds_the_passage(retriever: Retriever, question: str) -> None:
    hit = retriever.search(question)[0]
    assert hit.article.file == "a.txt"
    assert "貿易代表處" in hit.passage.text


def test_name_leads_to_articles_in_other_languages(retriever: Retriever) -> None:
    hits = retriever.search("What did Uzbekistan sign?")
    named = {hit.article.file: hit.reasons["names"] for hit in hits}
    assert named["b.txt"] == ["Uzbekistan"]


def test_number_is_found_however_it_is_written(open_library: Callable[..., Library]) -> None:
    library = open_library()
    library.add_articles(
        Article(text, language="zh-Hant", file=file)
        for text, file in (
            ("該國人口去年增加了二百萬,農業仍是經濟的支柱。", "other"),
            ("該國人口去年達到250萬,農業仍是經濟的支柱。", "right"),
        )
    )
    hits = Retriever(library, Settings()).search("Where do 2.5 million people live?")
    assert hits[0].article.file == "right"
    assert hits[0].reasons["names"] == ["2.5 million"]


def test_name_in_brackets_is_used_at_once(library: Library) -> None:
    retriever = Retriever(library, Settings())
    retriever.search("What does Temur Umarov say?")
    library.add_articles(
        [Article("專家馬鐵木(Temur Umarov)受訪。", language="zh-Hant", file="first")]
    )
    library.add_articles([Article("马铁木认为这只是开始。", language="zh-Hans", file="second")])
    hits = retriever.search("What does Temur Umarov say?", filter=Filter(files=["second"]))
    assert hits[0].reasons["names"] == ["Temur Umarov"]
    assert any("馬鐵木" in text for text in hits.searched)


def test_best_sentence_is_the_one_that_answers(open_library: Callable[..., Library]) -> None:
    library = open_library()
    library.add_articles([Article(STORY, language="zh-Hant", file="s")])
    hit = Retriever(library, Settings()).search("代表處成立於哪一年?")[0]
    span = hit.best_sentence
    assert hit.article.text[span.start : span.end].startswith("代表處成立於1992年")


def test_hit_says_why(retriever: Retriever) -> None:
    hit = retriever.search("哈萨克关闭代表处")[0]
    assert hit.reasons["terms"] == ["哈薩克", "代表處", "關閉"]
    assert float(str(hit.reasons["lexical"])) > 0.5


def test_words_are_shown_as_written(retriever: Retriever) -> None:
    hit = retriever.search("closing trade OFFICES", filter=Filter(languages=["en"]))[0]
    assert hit.reasons["terms"] == ["office", "close", "trade"]


def test_filter_applies(retriever: Retriever) -> None:
    hits = retriever.search("哈薩克為何關閉貿易代表處?", filter=Filter(languages=["en"]))
    assert {hit.article.language for hit in hits} == {"en"}
    assert not retriever.search("哈薩克", filter=Filter(outlets=["No Such Outlet"])).hits


def test_limit_and_ranks(retriever: Retriever) -> None:
    hits = retriever.search("哈薩克為何關閉貿易代表處?", limit=2)
    assert [hit.rank for hit in hits] == [1, 2]


def test_readers_search_while_a_writer_adds(open_library: Callable[..., Library]) -> None:
    writer = open_library()
    writer.add_articles([Article(STORY, language="zh-Hant", file="first")])
    question = "代表處成立於哪一年?"
    done = threading.Event()

    def search(reader: Retriever) -> set[str]:
        answers = {reader.search(question)[0].article.file}
        while not done.is_set():
            answers.add(reader.search(question)[0].article.file)
        return answers

    readers = [Retriever(open_library(read_only=True), Settings()) for _ in range(2)]
    with ThreadPoolExecutor(len(readers)) as pool:
        answers = [pool.submit(search, reader) for reader in readers]
        try:
            for n in range(8):
                story = f"塔什干的第{n}家工廠投產了。" * 9
                writer.add_articles([Article(story, language="zh-Hant", file=f"new{n}")])
        finally:
            done.set()
    assert [answer.result() for answer in answers] == [{"first"}, {"first"}]
    for reader in readers:
        assert reader.search("塔什干的第7家工廠")[0].article.file == "new7"


def test_reprints_are_one_hit_with_twins(open_library: Callable[..., Library]) -> None:
    library = open_library()
    body = STORY + "專家認為原因並不單純。這是近年來兩國關係的又一轉折。" * 5
    library.add_articles(
        Article(body, language="zh-Hant", outlet=outlet, file=outlet) for outlet in ("A", "B", "C")
    )
    question = "代表處成立於哪一年?"
    hits = Retriever(library, Settings()).search(question)
    assert len({hit.article.outlet for hit in hits}) == 1
    assert len(hits[0].duplicates) == 2
    apart = Retriever(library, retrieve_settings(collapse_duplicates=False)).search(question)
    assert {hit.article.outlet for hit in apart} == {"A", "B", "C"}


def test_reprint_that_adds_a_sentence_keeps_it(open_library: Callable[..., Library]) -> None:
    library = open_library()
    body = STORY + "專家認為原因並不單純。這是近年來兩國關係的又一轉折。" * 20
    extra = "\n莫斯科方面隨後召見了大使,要求作出解釋,並威脅將採取對等措施。"
    library.add_articles(
        Article(text, language="zh-Hant", outlet=outlet, file=outlet)
        for text, outlet in ((body, "A"), (body + extra, "B"))
    )
    assert len({a.group for a in library.articles()}) == 1
    hits = Retriever(library, Settings()).search("莫斯科召見大使要求什麼?")
    assert hits[0].article.outlet == "B"


def test_outlets_take_turns_where_the_settings_say_so(open_library: Callable[..., Library]) -> None:
    library = open_library()
    library.add_articles(
        Article(f"貿易代表處第{n}次會議討論關閉的問題。", language="zh-Hant", outlet=o, file=f"{n}")
        for n, o in enumerate(["A", "A", "A", "B"])
    )
    question = "貿易代表處第0次會議"
    hits = Retriever(library, retrieve_settings(diversify_outlets=True)).search(question)
    assert "B" in [hit.article.outlet for hit in hits[:2]]


def test_language_balance_can_be_turned_off(retriever: Retriever, library: Library) -> None:
    plain = Retriever(library, retrieve_settings(language_balance=0.0, lexical=False))
    assert len(plain.search("哈薩克")) == len(retriever.search("哈薩克"))


@pytest.mark.parametrize("question", ["", "   ", "?!", "？"])
def test_empty_question_is_refused(retriever: Retriever, question: str) -> None:
    with pytest.raises(InputError, match="empty"):
        retriever.search(question)


@pytest.mark.parametrize("limit", [0, -1])
def test_limit_below_one_is_refused(retriever: Retriever, library: Library, limit: int) -> None:
    """-1 gave all hits but the last."""
    for search in (
        retriever.search,
        partial(first_hits.search, retriever=retriever, settings=Settings()),
    ):
        with pytest.raises(InputError, match="limit is"):
            search("哈薩克", limit=limit)
    with pytest.raises(InputError, match="limit is"):
        library.catalog.page(limit=limit)


def test_empty_library_gives_no_hits(open_library: Callable[..., Library]) -> None:
    hits = Retriever(open_library(), Settings()).search("哈薩克")
    assert not hits.hits
    assert hits.confidence == 0


def test_llama_index_nodes_carry_ids_and_offsets(retriever: Retriever, library: Library) -> None:
    found = LibraryRetriever(retriever, None, {}).retrieve(QueryBundle("哈薩克為何關閉貿易代表處?"))
    node = found[0].node
    article = library.article(node.metadata["article_id"])
    assert article is not None
    assert article.text[node.start_char_idx : node.end_char_idx] == node.get_content()


def candidates(*keys: float) -> list[Candidate]:
    return [Candidate(None, 0, 0, 0, 0, 0, [], key) for key in keys]  # type: ignore[arg-type]


def keys(merged: list[Candidate]) -> list[float]:
    return [candidate.key for candidate in merged]


def test_merge_prefers_the_better_and_alternates_between_equals() -> None:
    even = merge({"zh": candidates(3.0, 2.9, 2.8, 2.7), "en": candidates(2.95, 2.75)}, 4)
    assert keys(even) == [3.0, 2.95, 2.9, 2.75]
    clear = merge({"zh": candidates(6.0, 5.9, 5.8), "en": candidates(1.0)}, 3)
    assert keys(clear) == [6.0, 5.9, 5.8]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Why did Kazakhstan close its trade office?", 0),
        ("Why did Kazakhstan close its office, and who replaced the ambassador in Moscow?", 2),
        ("哈薩克為何關閉代表處?誰會接任駐莫斯科大使?", 2),
        ("When was the office opened, and why?", 0),
        ("中国与俄罗斯签署了什么?", 0),
    ],
)
def test_only_questions_that_stand_alone_are_split(question: str, parts: int) -> None:
    assert len(question_parts(question)) == parts


def test_every_part_of_a_question_finds_its_passage(retriever: Retriever) -> None:
    question = "哈薩克為何關閉貿易代表處?中烏鐵路協議何時開工?"
    hits = retriever.search(question)
    assert {"a.txt", "b.txt"} <= {hit.article.file for hit in hits[:3]}
    assert hits.searched[:3] == (question, "哈薩克為何關閉貿易代表處?", "中烏鐵路協議何時開工?")


@pytest.mark.parametrize(
    ("question", "completed"),
    [
        ("Why did it do that?", True),
        ("And Uzbekistan?", True),
        ("為什麼?", True),
        ("那俄羅斯呢?", True),
        ("他後來去了哪裡?", True),
        ("Why did Uzbekistan sign the railway agreement?", False),
        ("乌兹别克斯坦为什么签署铁路协议?", False),
        ("Did Putin say that he would close it?", False),
    ],
)
def test_follow_up_gets_the_subject_it_leans_on(question: str, completed: bool) -> None:
    before = "Did Kazakhstan close its trade office?"
    assert (complete_follow_up(question, [before]) != question) is completed
    assert ("Kazakhstan" in complete_follow_up(question, [before])) is completed


def test_first_question_is_no_follow_up() -> None:
    assert complete_follow_up("Why?", []) == "Why?"
