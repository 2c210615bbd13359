"""Reading a text with only the pieces it can hold: exactly what the whole tokenizer reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from tokenizers.processors import TemplateProcessing

from index.embed.models import bundled
from index.embed.models.pieces import Pieces

ODD = ("", " ", "😀 𠮷 ꙮ \u0300a\u200b", "ﬀ ℃ ＣＰＣ", "a</s>b <mask>", "▁▁a", "\x01x\n\ty")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a Unigram tokenizer of few pieces."""
    pieces = [("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0), ("a", -4.0), ("b", -4.5)]
    pieces += [("ab", -5.0), ("▁a", -4.2), ("ba", -8.0), ("哈", -6.0), ("哈b", -9.0), ("<m>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(["<s>", "</s>", "<unk>", "<m>"])
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    folder = tmp_path_factory.mktemp("small")
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@given(texts=st.lists(st.text("ab哈c <m>", max_size=12), min_size=1, max_size=3))
def test_any_text_is_read_as_the_whole_tokenizer_reads_it(small: Path, texts: list[str]) -> None:
    whole = Tokenizer.from_file(str(small / "tokenizer.json"))
    whole.enable_truncation(8)
    pieces = Pieces.of(small)
    assert pieces is not None
    for own, other in zip(pieces.encode(texts, 8), whole.encode_batch(texts), strict=True):
        assert own.ids == other.ids
        assert own.offsets.tolist() == [list(offsets) for offsets in other.offsets]


@pytest.mark.slow
def test_real_texts_are_read_as_the_bundled_tokenizer_reads_them() -> None:
    folder = bundled.embedder_folder()
    whole = Tokenizer.from_file(str(folder / "tokenizer.json"))
    pieces = Pieces.of(folder)
    assert pieces is not None
    questions = Path(__file__).parent / "data" / "more_questions.jsonl"
    lines = questions.read_text(encoding="utf-8").splitlines()
    for text in [*ODD, *(json.loads(line)["question"] for line in lines)]:
        (tokens,) = pieces.encode([text], 512)
        assert tokens.ids == whole.encode(text).ids
    (bare,) = pieces.encode(["哈薩克"], 512, special=False)
    assert bare.ids == whole.encode("哈薩克", add_special_tokens=False).ids


def test_other_tokenizers_are_left_to_themselves(tmp_path: Path) -> None:
    Tokenizer(models.BPE()).save(str(tmp_path / "tokenizer.json"))
    assert Pieces.of(tmp_path) is None
