"""A second opinion on what the support check let through: a real cross-encoder, the real LLM."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import newscite
from index.config import Settings
from index.errors import ConfigError, ModelError
from rag.check.second_opinion import LLMJudge, NLIJudge, open_judge
from rag.llm.llama_cpp import LlamaCpp
from rag.llm.prompts import as_quoted
from tests.conftest import ARTICLES
from tests.test_answer import QUESTION, Parrot
from tests.toy import ToyEmbedder

CLAIM, QUOTE = "The move saves money.", "Officials say the move saves money."


@pytest.fixture(scope="module")
def nli(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Makes a tiny NLI model in a folder, which always says one of its labels."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    def make(
        says: str, labels: tuple[str, ...] = ("contradiction", "entailment", "neutral")
    ) -> str:
        folder = tmp_path_factory.mktemp("nli")
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "move", "saves", "money", "."]
        (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
        BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
        config = BertConfig(
            vocab_size=len(words),
            hidden_size=8,
            num_hidden_layers=1,
            num_attention_heads=1,
            intermediate_size=8,
            id2label=dict(enumerate(labels)),
            label2id={label: at for at, label in enumerate(labels)},
        )
        model = BertForSequenceClassification(config)
        with torch.no_grad():
            model.classifier.weight.zero_()
            model.classifier.bias.zero_()
            model.classifier.bias[labels.index(says)] = 5.0
        model.save_pretrained(folder)
        return str(folder)

    return make


def test_no_judge_unless_asked_for_and_none_by_an_llm_that_is_not_there() -> None:
    assert open_judge("", None) is None
    assert open_judge("llm", None) is None


@pytest.mark.slow
def test_an_nli_model_gives_the_probability_of_entailment(nli: Callable[..., str]) -> None:
    assert NLIJudge(nli("entailment")).support(CLAIM, [QUOTE]) > 0.9
    assert NLIJudge(nli("neutral")).support(CLAIM, [QUOTE]) < 0.1


@pytest.mark.slow
def test_a_model_that_is_none_or_none_for_nli_is_named(
    nli: Callable[..., str], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"answer\.judge"):
        NLIJudge(str(tmp_path / "gone")).support(CLAIM, [QUOTE])
    with pytest.raises(ConfigError, match="entailment"):
        NLIJudge(nli("good", ("bad", "good"))).support(CLAIM, [QUOTE])


@pytest.mark.slow
@pytest.mark.parametrize(("says", "supported"), [("entailment", True), ("contradiction", False)])
def test_a_sentence_must_pass_both(
    says: str, supported: bool, nli: Callable[..., str], tmp_path: Path
) -> None:
    answer_settings: Any = {"abstain_below": 0, "judge": nli(says)}
    settings = Settings(answer=answer_settings)
    with newscite.Library.open(tmp_path / "library", settings, ToyEmbedder()) as library:
        library.__dict__["llm"] = Parrot(replies=[QUOTE])
        library.add_articles(ARTICLES)
        answer = library.ask(QUESTION)
    assert (as_quoted(answer.language) in answer.notes) is not supported  # else it is quoted


def test_another_llm_replies_yes_or_no() -> None:
    assert LLMJudge(Parrot(replies=["Yes."])).support(CLAIM, [QUOTE]) == 1
    assert LLMJudge(Parrot(replies=["No, it does not."])).support(CLAIM, [QUOTE]) == 0


@pytest.mark.llm
@pytest.mark.slow
def test_the_offline_llm_tells_true_from_false(offline_llm: LlamaCpp) -> None:
    judge = LLMJudge(offline_llm)
    true = judge.support(CLAIM, [QUOTE])
    false = judge.support("Kazakhstan won the football match.", [QUOTE])
    assert false < 0.5 < true
