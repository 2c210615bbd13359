"""Which sentences of articles an answer's sentence is bound to."""

from __future__ import annotations

from collections.abc import Sequence

from index.languages.names import known_names
from index.records import Sentence
from rag.check.binding import Bound, Claim, bind, statement
from rag.check.checker import Checker
from rag.check.statements import Statement
from rag.results.sources import Signals, Source
from tests.samples import article, hit
from tests.toy import vector

TEXT = (
    "Russia needs 2.5 million workers. The minister spoke on Monday. "
    "Its factories look for welders abroad. The weather was fine."
)


def sources(text: str = TEXT, name: str = "a1") -> list[Source]:
    stored = article(text, name, language="en")
    found, at = [], 0
    for part in text.split(". "):
        sentence = part.rstrip(".") + "."
        start = text.index(sentence, at)
        at = start + len(sentence)
        span = Sentence(start, at)
        found.append(
            Source(hit(stored, sentence), span, sentence, "en", vector(sentence), Signals(), 0.0)
        )
    return found


def bound(claim: str, among: Sequence[Source], *hinted: int) -> Bound:
    said = Statement(claim, "en", vector(claim))
    (found,) = bind([Claim(said, frozenset(hinted))], among, Checker())
    return found


def test_claim_is_bound_to_the_sentence_that_says_it() -> None:
    found = bound("Russia needs 2.5 million workers.", sources())
    assert [source.text for source in found.sources] == ["Russia needs 2.5 million workers."]
    assert found.verdict.score > 0.5


def test_wrong_number_is_not_carried_by_the_nearest_sentence() -> None:
    found = bound("Russia needs 3.5 million workers.", sources())
    assert found.verdict.score < 0.5
    assert found.verdict.reasons


def test_a_second_sentence_is_added_only_for_what_it_adds() -> None:
    both = "Russia needs 2.5 million workers and its factories look for welders abroad."
    assert len(bound(both, sources()).sources) == 2
    assert len(bound("The weather was fine.", sources()).sources) == 1


PROMISED = "Xi Jinping promised to support Kazakhstan and warned against meddling."
AGREED = "Turkey and Kazakhstan agreed to raise relations to a strategic partnership."


def test_two_articles_do_not_carry_together_what_is_said_of_one_of_them() -> None:
    claim = "Xi Jinping promised Kazakhstan to raise relations to a strategic partnership."
    among = [*sources(PROMISED), *sources(AGREED, "a2")]
    said = Claim(Statement(claim, "en", vector(claim)))
    checker = Checker(known_names())

    def rests_on(question: str) -> set[str]:
        (found,) = bind([said], among, checker, question)
        return {source.hit.article.id for source in found.sources}

    assert rests_on("What will happen?") == {"a1", "a2"}
    assert len(rests_on("What did Xi Jinping promise Kazakhstan?")) == 1


def test_hint_of_the_llm_breaks_a_tie() -> None:
    twice = [*sources("It rained. It rained heavily."), *sources("It rained. All was wet.")]
    same = [at for at, source in enumerate(twice) if source.text == "It rained."]
    for place in same:
        assert bound("It rained.", twice, place).sources[0] is twice[place]


def test_without_sources_nothing_is_carried() -> None:
    (found,) = bind([Claim(Statement("It rained.", "en", vector("It rained.")))], [], Checker())
    assert found.sources == ()
    assert found.verdict.score == 0.0
    assert found.verdict.reasons == ("no article was found",)


def test_statement_of_a_source_knows_its_article() -> None:
    (source, *_) = sources()
    said = statement(source, "It rained.")
    assert (said.text, said.language) == (source.text, "en")
    assert said.published == source.hit.article.published
    assert TEXT in said.context and source.hit.article.title in said.context
