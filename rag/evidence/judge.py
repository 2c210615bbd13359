"""Which excerpts say the answer: a small LLM reads them one at a time.

In: a question and the excerpts that may answer it. Out: each with the probability, read from the
LLM's token probabilities, that it says the answer; and the few to answer from. A model of 1.5
billion parameters that cannot pick one line of twelve knows quite well whether one line answers,
in another language too. (Pointwise relevance generation: Liang et al., Holistic Evaluation of
Language Models, 2022.) Once there is an answer, it knows better still whether that was asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.languages.names import Names
from index.languages.text import primary
from rag.evidence.candidates import is_heading
from rag.evidence.names_and_dates import NOWHERE, Anchors, anchors
from rag.llm.llama_cpp import LlamaCpp
from rag.llm.localizing import localized
from rag.llm.prompts import NO, YES, check_messages, judge_messages
from rag.question.answer_forms import has_forms
from rag.results.sources import Excerpt

RELEVANCE, RELEVANT = 0.3, 9.0
"""Weight of an excerpt's relevance beside the log-odds that it answers, without what its form gains
(a list of reasons would be picked for whatever reason is asked for), and the most that counts: the
nearest sentences only repeat the question."""

DATED, UNNAMED = 0.5, 0.3
"""What the dates asked for gain, or other dates lose, and what each absent name of the question does.
With these, RELEVANT and FIT, on 53 questions about news, the gold evidence comes first for 46 and
is among what is picked for 50, .69 of which it is; without for 43, for 49, and .67 (with .2 as
weight of the relevance)."""

HEADING = 1.0
"""A headline or caption names the subject, so the LLM takes it for an answer too readily."""

MARGIN = 0.6
"""What is picked scores no less than this below the best. Of .8, .6, .4 and .2, on 66 questions about
news, answers right .91, .91, .87, .87, citation precision .93, .96, .95, .93."""

MOST_PICKED = 3

FIT = 0.6
"""An excerpt with the form asked for needs this share of the best one's probability."""

LIKELY = 0.6
READ_ON = 3
"""Once an excerpt with the form asked for answers with at least LIKELY, so many more are read without
a better one."""

INTERCEPT, BEST, FOUND = 0.92, 0.7, 0.6
INTERCEPT_UNREAD, FOUND_UNREAD = 0.74, 0.7
"""Log-odds that the articles answer, from those of the best excerpt by the LLM and from those that
the search gives; and from the latter alone, where no LLM reads. By logistic regression on 40
questions of NoMIRACL and 33 about news. Area under the ROC curve on these: NoMIRACL .70 / .80
(zh / en), news .93; by the LLM alone .56 / .78 and .94, by the search alone .75 / .61 and .82."""

INTERCEPT_RIGHT, FOUND_RIGHT, RIGHT = -0.93, 0.57, 1.29
"""The same from the search and the rightness of the answer; what was read adds nothing to these. By
logistic regression on 66 questions about news and 30 of NoMIRACL. Area under the ROC curve, each
question left out once: news .97 (by what was read .87), NoMIRACL .65 / .70 (.31 / .56). The intercept is
.14 higher than fitted, where abstain_below divides best."""

_FLOOR = 1e-3


@dataclass(frozen=True, slots=True)
class Judged:
    """An excerpt, and how likely it says the answer."""

    excerpt: Excerpt
    probability: float
    has_form: bool
    """It has the reason, number or date that the question asks for, or none is asked for."""
    anchors: Anchors = NOWHERE

    @property
    def score(self) -> float:
        """Log-odds that it answers, all considered."""
        relevance = max(source.relevance - source.bonus for source in self.excerpt.sources)
        heading = HEADING * is_heading(self.excerpt.sources[0])
        pinned = DATED * self.anchors.dated - UNNAMED * self.anchors.unnamed
        found = RELEVANCE * min(relevance, RELEVANT)
        return log_odds(self.probability) + found + pinned - heading


def judge(
    question: str, language: str, excerpts: Sequence[Excerpt], names: Sequence[Names], llm: LlamaCpp
) -> Iterator[Judged]:
    """Reads the excerpts in their order; stops where a further one is unlikely to be better.

    Names and numbers of another language are carried over first: on 8 questions with 5 excerpts
    each, that an excerpt with the answer is held more likely than another rises from .88 to .90.
    Which names are absent is told by the first table, of well-known ones: those learned from the
    articles know a person by one form only.
    """
    best, behind = 0.0, 0
    for excerpt in excerpts:
        text = excerpt.text
        if primary(excerpt.sources[0].language) != primary(language):
            text = localized(text, language, question, names)
        probability = llm.yes_probability(
            judge_messages(question, excerpt.hit.article.title, text), YES, NO
        )
        form = has_forms(question, excerpt.text)
        one = Judged(excerpt, probability, form, anchors(question, excerpt, names[:1]))
        yield one
        better = one.probability > best and form and not is_heading(excerpt.sources[0])
        best, behind = (one.probability, 0) if better else (best, behind + 1)
        if best >= LIKELY and behind >= READ_ON:
            return


def picked(judged: Sequence[Judged]) -> list[Excerpt]:
    """The excerpts to answer from, best first, numbered anew.

    Where a reason, a number or a date is asked for, an excerpt that has one goes before those that
    only say that it happened, which an LLM takes for answers as readily; but not if it is about
    others than the question's.
    """
    sentences = [one for one in judged if not is_heading(one.excerpt.sources[0])]
    least = FIT * max((one.probability for one in sentences), default=0.0)
    fit = [one for one in judged if one.has_form and one.anchors.hold and one.probability >= least]
    ranked = sorted(fit or judged, key=lambda one: one.score, reverse=True)[:MOST_PICKED]
    return [
        Excerpt(number, one.excerpt.sources)
        for number, one in enumerate(ranked, 1)
        if one.score >= ranked[0].score - MARGIN
    ]


def rightness(question: str, excerpts: Sequence[Excerpt], answer: str, llm: LlamaCpp) -> float:
    """How likely an answer from the excerpts is right, as the LLM that gave it sees it: P(True) of
    Kadavath et al., Language Models (Mostly) Know What They Know, 2022."""
    return llm.yes_probability(check_messages(question, excerpts, answer), YES, NO)


def answerability(judged: Sequence[Judged], confidence: float, right: float | None = None) -> float:
    """Probability that the articles answer: by what was read, by the search's own confidence, and,
    once there is an answer, by its rightness."""
    found = log_odds(confidence)
    total = INTERCEPT_UNREAD + FOUND_UNREAD * found
    if judged:
        best = max(log_odds(one.probability) for one in judged)
        total = INTERCEPT + BEST * best + FOUND * found
        if right is not None:
            total = INTERCEPT_RIGHT + FOUND_RIGHT * found + RIGHT * log_odds(right)
    return 1 / (1 + math.exp(-total))


def log_odds(probability: float) -> float:
    return math.log((probability + _FLOOR) / (1 - probability + _FLOOR))
