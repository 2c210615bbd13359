"""The real offline embedder, and any other model from a folder."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import newscite
from index.config import EmbedderSettings, Settings
from index.embed.embedder import open_embedder
from index.embed.models import bundled, engine
from index.embed.models.bert import ASKED_PLAINLY, FEW_CHARACTERS, BertEmbedder
from index.embed.models.sentence_transformer import SentenceEmbedder
from index.errors import ModelError
from tests.conftest import ARTICLES
from ui.page.calls import Calls
from ui.page.desk import Desk

pytestmark = pytest.mark.slow

PASSAGE = "哈薩克宣布關閉駐俄貿易代表處。俄方表示不會做出同樣的決定。"
SENTENCES = [(0, 15), (15, 29)]


@pytest.fixture(scope="module")
def embedder() -> BertEmbedder:
    return BertEmbedder(EmbedderSettings())


def test_vectors_are_unit_and_repeatable(embedder: BertEmbedder) -> None:
    vectors = embedder.embed_queries(["Why?", "為什麼?"])
    assert vectors.shape == (2, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors, embedder.embed_queries(["Why?", "為什麼?"]), atol=1e-5)


def test_scripts_are_the_same_to_the_embedder(embedder: BertEmbedder) -> None:
    traditional, simplified = embedder.embed_queries(["關閉貿易代表處", "关闭贸易代表处"])
    assert traditional @ simplified > 0.9999


def test_meaning_beats_words_across_languages(embedder: BertEmbedder) -> None:
    question = embedder.embed_queries(["Did Kazakhstan close its trade mission?"])[0]
    near, far = embedder.embed_passages([PASSAGE, "世界盃決賽在卡達舉行。"], [[], []]).passages
    assert question @ near > question @ far


def test_sentence_vectors_tell_their_sentences_apart(embedder: BertEmbedder) -> None:
    closed, refused = embedder.embed_passages([PASSAGE], [SENTENCES]).sentences[0]
    question = embedder.embed_queries(["俄方會不會做出同樣的決定?"])[0]
    assert question @ refused > question @ closed


def test_order_and_batching_do_not_matter(embedder: BertEmbedder) -> None:
    texts = [PASSAGE * n for n in (1, 7, 3, 20)]
    together = embedder.embed_passages(texts, [SENTENCES] * 4)
    for i, text in enumerate(texts):
        alone = embedder.embed_passages([text], [SENTENCES])
        assert together.passages[i] @ alone.passages[0] > 0.999
        assert (together.sentences[i] * alone.sentences[0]).sum(1).min() > 0.999


@pytest.mark.parametrize("dtype", ["auto", "float32"])
def test_vectors_are_those_of_sentence_transformers(dtype: str) -> None:
    """So that a library stays valid, whoever embedded it."""
    texts = [PASSAGE, PASSAGE * 60, "Kazakhstan closes its trade office.", "Казахстан"]
    spans = [SENTENCES, SENTENCES, [(0, 10)], []]
    ours = BertEmbedder(EmbedderSettings(dtype=dtype)).embed_passages(texts, spans)
    theirs = SentenceEmbedder(EmbedderSettings(dtype="float32")).embed_passages(texts, spans)
    least = 0.999 if dtype == "auto" else 0.99999
    assert (ours.passages * theirs.passages).sum(1).min() > least
    for own, other in zip(ours.sentences, theirs.sentences, strict=True):
        assert own.shape == other.shape
        assert (own * other).sum(1).min(initial=1) > least


def test_a_question_gets_the_same_vector_whatever_computes_it() -> None:
    embedder = BertEmbedder(EmbedderSettings())
    asked = [f"為什麼第{n}次關閉?" for n in range(ASKED_PLAINLY + 3)]
    together, alone = asked[:2], [[one] for one in asked[2:]]
    ours = np.concatenate([embedder.embed_queries(texts) for texts in (together, *alone)])
    theirs = SentenceEmbedder(EmbedderSettings(dtype="float32")).embed_queries(asked)
    assert np.allclose(ours, theirs, atol=1e-4)


def test_no_question_waits_for_a_model_once_the_page_is_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.model_validate({"llm": {"model": "none"}})
    with newscite.Library.open(tmp_path, settings, BertEmbedder(EmbedderSettings())) as library:
        library.add_articles(ARTICLES)
        desk = Desk(library, Calls(lambda _: True))
        desk.warm_up()
        monkeypatch.delattr(engine, "_Graph")  # nothing can be built any more
        for n in range(ASKED_PLAINLY + 1):
            assert library.ask(f"Why did Kazakhstan close its trade office {n}?").hits
        desk.close()


def test_many_small_calls_do_not_look_up_every_piece_anew() -> None:
    """An addition embeds some passages at a time: looking up their pieces took a fifth of its time."""
    embedder = BertEmbedder(EmbedderSettings())
    text = PASSAGE * 5
    few = embedder.tokens([text])[0].ids
    assert "tokenizer" not in vars(embedder)  # loading it would take longer
    for _ in range(FEW_CHARACTERS // len(text)):
        embedder.tokens([text])
    assert "tokenizer" in vars(embedder)
    assert embedder.tokens([text])[0].ids == few


def test_libraries_of_earlier_versions_stay_valid(embedder: BertEmbedder) -> None:
    assert embedder.fingerprint == "6ee49c3aae2f77c9"


def test_nothing_gives_nothing(embedder: BertEmbedder) -> None:
    assert embedder.embed_queries([]).shape == (0, embedder.dimension)


def test_prompts_come_from_the_model(embedder: BertEmbedder) -> None:
    assert embedder.prompts == ("query: ", "passage: ")


@pytest.mark.parametrize(
    ("own", "name", "expected"),
    [
        ({}, "bge-m3", ("", "")),
        ({}, "multilingual-e5-small", ("query: ", "passage: ")),
        (
            {"query": "Instruct: find\nQuery:", "document": ""},
            "Qwen3-Embedding-0.6B",
            ("Instruct: find\nQuery:", ""),
        ),
        (
            {"query": "task: search result | query: ", "document": "title: none | text: "},
            "embeddinggemma-300m",
            ("task: search result | query: ", "title: none | text: "),
        ),
    ],
)
def test_prompts_of_known_models(
    tmp_path: Path, own: dict[str, str], name: str, expected: tuple[str, str]
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    config = {"prompts": own} if own else {}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(config))
    assert SentenceEmbedder(EmbedderSettings(model=str(folder))).prompts == expected


def test_a_local_folder_takes_its_place(tmp_path: Path, embedder: BertEmbedder) -> None:
    folder = tmp_path / "my-e5"
    shutil.copytree(bundled.embedder_folder(), folder)
    mine = open_embedder(EmbedderSettings(model=str(folder), dtype="float32"))
    assert isinstance(mine, BertEmbedder)
    assert mine.fingerprint == embedder.fingerprint
    assert mine.embed_queries(["x"])[0] @ embedder.embed_queries(["x"])[0] > 0.999


def test_other_prompts_are_another_embedder(embedder: BertEmbedder) -> None:
    other = open_embedder(EmbedderSettings(query_prompt="ask: "))
    assert other.fingerprint != embedder.fingerprint


def test_other_pooling_embeds_sentences_by_themselves(tmp_path: Path) -> None:
    folder = tmp_path / "cls-e5"
    shutil.copytree(bundled.embedder_folder(), folder)
    pooling = {"word_embedding_dimension": 384, "pooling_mode_cls_token": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    other = open_embedder(EmbedderSettings(model=str(folder)))
    assert isinstance(other, SentenceEmbedder)
    embedded = other.embed_passages([PASSAGE, "短句。"], [SENTENCES, [(0, 3)]])
    assert [vectors.shape[0] for vectors in embedded.sentences] == [2, 1]
    assert embedded.sentences[1][0] @ embedded.passages[1] > 0.99


def test_a_graphics_card_is_left_to_sentence_transformers() -> None:
    assert isinstance(open_embedder(EmbedderSettings(device="cuda")), SentenceEmbedder)


@pytest.mark.parametrize("name", ["/nowhere/model", "no-such-owner/no-such-model"])
def test_a_missing_model_names_the_cure(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"embedder\.model"):
        open_embedder(EmbedderSettings(model=name)).embed_queries(["x"])


def test_a_folder_that_is_no_model_says_so(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="Could not load"):
        open_embedder(EmbedderSettings(model=str(tmp_path))).embed_queries(["x"])
