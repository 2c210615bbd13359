"""What is weighed when a text is read, a claim checked and a question searched: small cases, worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.config import Settings
from index.embed.language_offsets import CENTRING, Offset, Offsets
from index.languages.names import known_names
from index.languages.numbers.stated import quantities
from index.languages.terms import find_terms
from index.library import Library
from index.records import Article, Passage, Sentence
from index.search.term_counts import K1, B, TermCounts, term_id
from index.store.rows import StoredArticle, StoredPassage
from rag.check.checker import Checker
from rag.check.contraries import crossed
from rag.check.statements import Statement
from rag.check.weighing import CROSS_LANGUAGE, SAME_LANGUAGE, STEP, STRIDE, counted, weigh
from rag.evidence.candidates import HEADING_TOKENS, _read_twice, choose, tokens_of
from rag.evidence.reader import Input, Reader, Reading, Text
from rag.evidence.relevance import WEIGHTS
from rag.question.query import Probe, want
from rag.results.hits import Hit
from rag.results.sources import Signals, Source
from rag.retrieve.confidence import confidence
from rag.retrieve.retriever import Retriever
from rag.retrieve.score import LEXICAL_MERGE, _background, _set_keys, score_passages
from tests.test_claims_parts import NAMES, PLAIN, said
from tests.test_merging import candidate

# -- reading --------------------------------------------------------------------------------------


def test_the_words_that_answer_begin_and_end_where_both_are_likely() -> None:
    reader = Reader(None)  # type: ignore[arg-type]
    reader.__dict__["_weights"] = {"words.weight": np.eye(2), "words.bias": np.zeros(2)}
    offsets = np.array([[at, at + 2] for at in range(0, 10, 2)])
    begins, ends = [0.0, 3.0, 0.0, 0.0, 4.0], [5.0, 0.0, 0.0, 4.0, 0.0]
    body = np.array([begins, ends]).T
    text = Text("aabbccddee", ((0, 10),))
    words = reader._words(body, Input([], 0, offsets), text, [1.0])
    assert words == (
        2,
        8,
    )  # (8, 2) and the end at 2 are likelier, but the end stands before the beginning
    assert reader._words(body, Input([], 0, offsets), text, [-1.0]) is None


def test_a_text_that_was_read_twice_has_the_mean_of_both() -> None:
    both = _read_twice(Reading((2.0, -4.0), (0, 3)), Reading((4.0, 0.0), None))
    assert both.sentences == (3.0, -2.0) and both.words == (0, 3)


@pytest.mark.parametrize(
    ("one", "better"),
    [
        (Signals(answers=1.0), True),
        (Signals(nearness=1.0), True),
        (Signals(strength=1.0), True),
        (Signals(reason=True), True),
        (Signals(announces=True), True),
        (Signals(dated=1), True),
        (Signals(dated=-1), False),
        (Signals(unnamed=1), False),
        (Signals(asks=True), False),
    ],
)
def test_each_signal_counts_on_its_own_side(one: Signals, better: bool) -> None:
    assert (WEIGHTS.weigh(one) > WEIGHTS.weigh(Signals())) is better
    assert WEIGHTS.weigh(replace(one, answers=one.answers + 2)) == pytest.approx(
        WEIGHTS.weigh(one) + 2 * WEIGHTS.answers
    )


# -- checking -------------------------------------------------------------------------------------


def test_gains_count_in_steps_and_two_at_most() -> None:
    def of(**found: float) -> dict[str, float]:
        return counted(replace(PLAIN, **found))  # type: ignore[arg-type]

    assert of(undenied=STEP / 2)["undenied"] == pytest.approx(0.5)
    assert of(contrary=9 * STEP)["contrary"] == 2
    assert of(crossed=STRIDE)["crossed"] == pytest.approx(1) and of(crossed=STRIDE)["crosses"] == 1
    assert of(crossed=-1.0)["crossed"] == of(crossed=-1.0)["crosses"] == 0


def test_of_missing_names_two_count_at_most() -> None:
    for names, count in (((), 0), (("A",), 1), (("A", "B", "C"), 2)):
        assert counted(replace(PLAIN, names=names))["name"] == count


@pytest.mark.parametrize("same", [True, False])
def test_what_speaks_against_a_claim_lowers_it_and_the_reader_moves_it_both_ways(
    same: bool,
) -> None:
    plain = replace(PLAIN, same_language=same)
    against: list[dict[str, Any]] = [
        {"numbers": (object(),)}, {"names": ("A",)}, {"substituted": True}, {"negation_added": True},
        {"opposites": ("amount",)}, {"swapped": True}, {"undenied": STEP}, {"contrary": STEP},
        {"crossed": STRIDE}, {"nearness": 0.3},
    ]  # fmt: skip
    for one in against:
        assert weigh(replace(plain, **one)) < weigh(plain), one
    weights = SAME_LANGUAGE if same else CROSS_LANGUAGE
    for odds in (-9.0, 9.0):
        change = weigh(replace(plain, carried=odds)) - weigh(plain)
        assert change == pytest.approx(weights.asked + weights.carried * odds)


def test_a_date_of_the_question_may_stand_around_the_source_and_a_number_may_not() -> None:
    def near(text: str, context: str = "") -> Statement:
        return replace(said(text, context=context), vector=np.ones(2, np.float32))

    checker = Checker(known_names())
    source = near("The office closed.", "Minutes of 3 March 2023, page 7.")
    claim = near("On 3 March 2023 the office closed.")
    asked = "What happened on 3 March 2023?"
    assert checker.features(claim, [source], asked).numbers == ()
    assert checker.features(claim, [source]).numbers
    assert checker.features(claim, [near("The office closed.")], asked).numbers
    assert checker.features(claim, [source], "What did the office do?").numbers
    counted_ = near("The 7 offices closed.")
    assert checker.features(counted_, [source], "Did 7 offices close?").numbers


def test_a_passive_of_another_language_exchanges_nobody() -> None:
    passive = [said("希臘遭到土耳其攻擊。", "zh-Hant")]
    assert not NAMES.swapped(said("Turkey attacked Greece."), passive)
    assert NAMES.swapped(said("Greece attacked Turkey."), passive)
    active = [said("土耳其攻擊希臘。", "zh-Hant")]
    assert not NAMES.swapped(said("Greece was attacked by Turkey."), active)


class Words:
    """Reads each word as a direction of its own."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def sentences(self, texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]:
        raise NotImplementedError

    def words(
        self, text: str, language: str, spans: Sequence[tuple[int, int]]
    ) -> NDArray[np.float32]:
        found = np.zeros((len(spans), 64), np.float32)
        for row, (start, end) in enumerate(spans):
            found[row, self._known.setdefault(text[start:end].lower(), len(self._known))] = 1
        return found


@pytest.mark.parametrize(
    ("claim", "source", "exchanged"),
    [
        ("critics of Turkey met friends of Greece", "friends of Turkey met critics of Greece", True),
        ("Turkey sold arms while Greece bought ships", "Greece sold arms while Turkey bought ships", True),
        ("Turkey sold arms while Greece bought ships", "Turkey sold arms while Greece bought ships", False),
        ("Turkey sold arms", "Greece sold arms", False),
        (
            "Turkey sold arms while Greece bought ships",
            "Turkey was asked. Turkey sold arms while Greece bought ships",
            False,
        ),
        (
            "Greece sold arms while Turkey bought ships",
            "Turkey was heard. Greece was heard. Turkey sold arms while Greece bought ships",
            True,
        ),
    ],
)  # fmt: skip
def test_words_beside_names_tell_who_changed_places(
    claim: str, source: str, exchanged: bool
) -> None:
    def named(text: str) -> tuple[str, str, Sequence[Any]]:
        return text, "en", NAMES.found(text)

    gain = crossed(Words(), named(claim), [named(source)], lambda a, b: a.forms == b.forms)
    assert (gain > STRIDE) is exchanged


# -- searching ------------------------------------------------------------------------------------


def test_the_offset_of_a_language_is_taken_off_its_queries_passages_and_cohort() -> None:
    east, north = np.eye(2, dtype=np.float32)
    offsets = Offsets(languages={"xx": Offset(east, north, np.array([east, north], np.float32))})

    def along(first: float, second: float) -> NDArray[np.float64]:
        return np.array([first, second]) / np.hypot(first, second)

    query = offsets.centred_query(north, "xx")
    assert query == pytest.approx(along(-CENTRING, 1))
    (passage,) = offsets.centred(east[None], "xx")
    assert passage == pytest.approx(along(1, -CENTRING))
    cohort = np.array([along(1, -CENTRING), along(0, 1 - CENTRING)]) @ north
    found = offsets.background(north, "xx")
    assert found == pytest.approx((cohort.mean(), cohort.std()))

    vectors = np.array([3 * east, 5 * (east + north), 0 * east], np.float32)
    diagonal = along(1, 1 - 2**0.5 * CENTRING)
    near = [along(1, -CENTRING) @ query, diagonal @ query, -1]
    assert offsets.cosines(query, vectors, "xx") == pytest.approx(near)
    assert Offsets().cosines(north, vectors, "xx") == pytest.approx([0, 0.5**0.5, -1])


def test_counted_terms_give_the_bm25_of_robertson_and_zaragoza(tmp_path: Path) -> None:
    counts = TermCounts(tmp_path)
    counts.begin("build")
    passages = [("en", ["bank", "rate", "bank"]), ("en", ["rate"]), ("en", ["rate", "rise"])]
    counts.add(passages, 3)
    asked = counts.question_vector({"bank": 1.0, "rate": 2.0, "war": 1.0}, "en")
    assert asked == pytest.approx(
        {term_id("bank"): math.log(1 + 2.5 / 1.5), term_id("rate"): 2 * math.log(1 + 0.5 / 3.5)}
    )
    first, *_ = counts.passage_vectors(passages)
    norm = K1 * (1 - B + B * 3 / 2)
    assert first[term_id("bank")] == pytest.approx(2 * (K1 + 1) / (2 + norm))
    assert first[term_id("rate")] == pytest.approx((K1 + 1) / (1 + norm))


def test_a_term_is_found_wherever_it_stands() -> None:
    wanted = frozenset(("银行", "rate"))
    assert find_terms("銀行說銀行加息", "zh-Hant", wanted) == [(0, 2), (3, 5)]
    assert find_terms("rates, a rate", "en", wanted) == [(0, 5), (9, 13)]


def test_the_nearest_of_all_hits_counts_wherever_it_ranks() -> None:
    ranked = [candidate(row, 5.0 - row) for row in range(3)]
    for near in ((1.0, 1.0, 6.0), (6.0, 1.0, 1.0)):
        for one, dense in zip(ranked, near, strict=True):
            one.dense = dense
        assert confidence(ranked) == pytest.approx(confidence(ranked[::-1]))
        ranked[0].dense = ranked[2].dense = 1.0
        lower = confidence(ranked)
        ranked[2].dense = 6.0
        assert lower < confidence(ranked)


def test_words_that_other_languages_share_are_capitalised_and_no_beginning() -> None:
    def shared(text: str, language: str, searched: str) -> list[str]:
        probe = Probe(text, language, np.zeros(2, np.float32))
        return [one.name.text for one in want(probe, searched).names]

    assert shared("Which phones did OPPO sell in 2023?", "en", "zh") == ["OPPO", "2023"]
    assert shared("OPPO賣了什麼?", "zh-Hant", "en") == ["OPPO"]
    assert shared("Which phones did OPPO sell?", "en", "en") == []


def test_a_name_stands_for_its_own_words_of_the_question_only() -> None:
    text = "When did Northern Cyprus open?"
    names = known_names().find("Cyprus")
    name = replace(names[0], start=text.index("Cyprus"), end=text.index(" open"))
    (wanted,) = want(Probe(text, "en", np.zeros(2, np.float32), [name]), "en").names
    assert wanted.stands_for == {"cyprus"}


def test_as_many_hits_as_are_asked_for(open_library: Callable[..., Library]) -> None:
    library = open_library()
    library.add_articles(
        Article(f"The council of town {n} opened bridge number {n} on a cold day.", file=f"{n}")
        for n in range(45)
    )
    assert len(Retriever(library, Settings()).search("Which bridge was opened?", 40)) == 40


@pytest.mark.parametrize(("own", "share"), [(False, 1.0), (True, LEXICAL_MERGE)])
def test_what_chance_gives_is_subtracted_before_languages_compare(own: bool, share: float) -> None:
    """The passages of ranks 5 to 30 have 4 by chance; with a handful of passages nothing is known of chance."""
    many = [candidate(row) for row in range(40)]
    for row, one in enumerate(many):
        one.lexical, one.dense = (10.0, 1.0) if row == 0 else (4.0, 0.0)
    _set_keys(many, own=own)
    assert many[0].key == pytest.approx(1 + share * (10 - 4)) and many[1].key == pytest.approx(0)
    few = [candidate(1)]
    few[0].lexical = 10.0
    _set_keys(few, own=own)
    assert few[0].key == pytest.approx(share * 10)


def test_half_a_balance_takes_half_of_what_the_own_language_scores() -> None:
    east, north = np.eye(2, dtype=np.float32)
    offsets = Offsets(
        languages={
            "xx": Offset(east, north, np.array([east, east], np.float32)),
            "yy": Offset(north, east, np.array([north, north], np.float32)),
        }
    )
    query = offsets.centred_query(north, "yy", 0.5)
    theirs, ours = (offsets.background(query, tag, 0.5) for tag in ("xx", "yy"))
    assert theirs and ours and theirs[0] != pytest.approx(ours[0])
    mean, _ = _background(
        query, Probe("?", "yy", north), "xx", offsets, 0.5, np.zeros(1, np.float32)
    )
    assert mean == pytest.approx((theirs[0] + ours[0]) / 2)


def test_of_two_sentences_equally_near_the_one_with_the_name_is_best() -> None:
    text = "The talks ended. Tokayev spoke. The end."
    spans = (Sentence(0, 16), Sentence(17, 31), Sentence(32, 40))
    article = StoredArticle(text=text, id="a", group="a")
    vectors = np.array([[1, 0]] * 3, np.float32)
    stored = StoredPassage(1, Passage("a", 0, 40, text, spans, "en"), article, vectors[0], vectors)
    probe = Probe("托卡耶夫說了什麼?", "zh-Hant", vectors[0], known_names().find("托卡耶夫"))
    other = replace(
        stored,
        row=2,
        passage=replace(stored.passage, sentences=spans[::2]),
        sentence_vectors=vectors[:2],
    )
    (first, *_) = score_passages(probe, want(probe, "en"), [stored, other], "en", Offsets(), 1.0)
    assert (first.stored.row, first.best, first.names) == (1, 1, ["托卡耶夫"])


# -- choosing what an LLM reads ---------------------------------------------------------------------


def sentences_of(texts: Sequence[str], relevances: Sequence[float], name: str) -> list[Source]:
    """The sentences of a passage that is its whole article."""
    text = " ".join(texts)
    starts = [text.index(each) for each in texts]
    spans = tuple(Sentence(at, at + len(each)) for at, each in zip(starts, texts, strict=True))
    passage = Passage(name, 0, len(text), text, spans, "en")
    found = Hit(1, 1.0, passage, StoredArticle(text=text, id=name, group=name), spans[0])
    return [
        Source(found, span, each, "en", np.zeros(2, np.float32), Signals(), relevance)
        for span, each, relevance in zip(spans, texts, relevances, strict=True)
    ]


def test_an_llm_reads_the_best_sentences_with_those_beside_them() -> None:
    first = sentences_of(
        ["One had come early.", "Two spoke of oil.", "Three left.", "Four slept."],
        [0, 5, 0, 0],
        "a",
    )
    second = sentences_of(["Five wrote.", "Six read on oil."], [0, 3], "b")
    read = choose([*first, *second], 1000)
    assert [excerpt.text for excerpt in read] == [
        "One had come early. Two spoke of oil. Three left. Four slept.", "Five wrote. Six read on oil."
    ]  # fmt: skip
    for count, text in (
        (2, "One had come early. Two spoke of oil."),
        (3, "One had come early. Two spoke of oil. Three left."),
    ):
        room = HEADING_TOKENS + tokens_of("".join(source.text for source in first[:count]))
        assert [excerpt.text for excerpt in choose([*first, *second], int(room + 1))] == [text]


@pytest.mark.parametrize(
    ("text", "sure"),
    [("Two Towers fell.", False), ("Two towers fell.", True), ("Three Sisters was played.", False)],
)
def test_a_number_in_a_title_is_perhaps_none(text: str, sure: bool) -> None:
    assert [found.sure for found in quantities(text)] == [sure]
