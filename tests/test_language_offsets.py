"""Language offsets: a language's own direction is taken out, whichever embedder put it in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embed.calibrate import calibrate, calibrate_library, read_parallel
from index.embed.language_offsets import OWN_FILE, Offsets, find_offsets, load
from index.errors import InputError, LibraryError
from tests.toy import DIMENSION, ToyEmbedder

LINES = 240
LANGUAGES = {"en": 1.0, "zh-Hant": -1.0, "zh-Hans": -1.0}


def meaning(number: int) -> NDArray[np.float32]:
    vector = np.random.default_rng(number).normal(size=DIMENSION).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


class BiasedEmbedder(ToyEmbedder):
    """Line n of every language means the same; English leans one way, Chinese the other."""

    def embed_queries(self, texts: object) -> NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts])  # type: ignore[attr-defined]

    def embed_passages(self, texts: object, sentences: object) -> object:  # type: ignore[override]
        from index.embed.protocol import Embedded

        return Embedded(self.embed_queries(texts), [])

    def _vector(self, text: str) -> NDArray[np.float32]:
        tag, number = text.split()[0].split(":")
        vector = meaning(int(number))
        vector[0] += 3 * LANGUAGES[tag]
        return vector / np.float32(np.linalg.norm(vector))


def parallel(lines: int = LINES) -> dict[str, list[str]]:
    return {tag: [f"{tag}:{n} " for n in range(lines)] for tag in LANGUAGES}


def test_translation_is_nearer_than_own_language_once_centred() -> None:
    embedder = BiasedEmbedder("biased")
    offsets = calibrate(embedder, parallel())
    query = embedder.embed_queries(["en:1000 "])[0]
    own, other = embedder.embed_queries(["en:1001 "]), embedder.embed_queries(["zh-Hant:1000 "])
    assert query @ own[0] > query @ other[0]
    centred = offsets.centred_query(query, "en")
    scores = [
        float(((offsets.centred(vectors, tag) @ centred)[0] - mean) / deviation)
        for vectors, tag in ((own, "en"), (other, "zh-Hans"))
        if (background := offsets.background(centred, tag))
        for mean, deviation in [background]
    ]
    assert scores[1] > scores[0] + 1


def test_both_scripts_share_one_offset() -> None:
    offsets = calibrate(BiasedEmbedder("biased"), parallel())
    assert sorted(offsets.languages) == ["en", "zh"]
    assert "zh-Hant" in offsets


def test_a_language_without_an_offset_gets_the_average_of_those_there_are() -> None:
    offsets = calibrate(BiasedEmbedder("biased"), parallel())
    vectors = np.eye(2, DIMENSION, dtype=np.float32)
    query = offsets.centred_query(vectors[0], "kk")
    assert not np.array_equal(offsets.centred(vectors, "kk"), vectors)
    known = [offsets.background(query, tag) for tag in ("en", "zh")]
    assert offsets.background(query, "kk") == pytest.approx(tuple(np.mean(known, axis=0)))  # type: ignore[arg-type]
    assert known[0] != known[1]


def test_without_any_offset_vectors_stay_as_they_are() -> None:
    vectors = np.eye(2, DIMENSION, dtype=np.float32)
    assert np.array_equal(Offsets().centred(vectors, "kk"), vectors)
    assert np.array_equal(Offsets().centred_query(vectors[0], "kk"), vectors[0])
    assert Offsets().background(vectors[0], "kk") is None


def test_own_offsets_are_made_from_files_and_found(tmp_path: Path) -> None:
    text, library = tmp_path / "text", tmp_path / "library"
    text.mkdir()
    library.mkdir()
    for tag, lines in parallel().items():
        (text / f"{tag}.txt").write_text("\n".join(lines), encoding="utf-8")
    embedder = BiasedEmbedder("biased")
    made = calibrate_library(library, embedder, text)
    found = find_offsets(embedder, library)
    assert sorted(found.languages) == ["en", "zh"]
    assert np.allclose(found.languages["en"].query, made.languages["en"].query, atol=1e-3)
    assert not find_offsets(BiasedEmbedder("another"), library).languages


def test_own_offsets_add_to_the_shipped_ones(tmp_path: Path) -> None:
    embedder = ToyEmbedder("some precision of it")
    embedder.name, embedder.dimension = "intfloat/multilingual-e5-small", 384
    shipped = find_offsets(embedder)
    own = {"kk": shipped.languages["ru"], "en": shipped.languages["zh"]}
    Offsets("e5", embedder.fingerprint, own).save(tmp_path / OWN_FILE)
    found = find_offsets(embedder, tmp_path)
    assert {"en", "kk", "ru", "zh"} <= set(found.languages)
    assert np.allclose(found.languages["en"].query, shipped.languages["zh"].query, atol=1e-3)


@pytest.mark.parametrize(
    ("name", "dimension"),
    [("intfloat/multilingual-e5-small", 384), ("google/embeddinggemma-300m", 768)],
)
def test_both_presets_have_offsets(name: str, dimension: int) -> None:
    embedder = ToyEmbedder("some precision of it")
    embedder.name, embedder.dimension = name, dimension
    assert {"en", "ru", "zh"} <= set(find_offsets(embedder).languages)


def test_too_few_lines_are_refused() -> None:
    with pytest.raises(InputError, match="at least 200"):
        calibrate(BiasedEmbedder("biased"), parallel(50))


def test_unequal_lines_are_refused() -> None:
    uneven = parallel()
    uneven["en"].append("en:0 ")
    with pytest.raises(InputError, match="241 in en"):
        calibrate(BiasedEmbedder("biased"), uneven)


def test_damaged_file_says_how_to_make_it_anew(tmp_path: Path) -> None:
    (tmp_path / OWN_FILE).write_bytes(b"nonsense")
    with pytest.raises(LibraryError, match="newscite calibrate"):
        load(tmp_path / OWN_FILE)


@pytest.mark.parametrize("content", [None, b"\xff\xfe broken \xff"])
def test_unusable_parallel_text_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "en.txt").write_bytes(content)
    with pytest.raises(InputError, match="parallel text"):
        read_parallel(tmp_path)


def test_parallel_text_is_read_from_files_named_for_languages(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("One.\nTwo.\n")
    (tmp_path / "ru.txt").write_text("Один.\nДва.\n")
    assert read_parallel(tmp_path) == {"en": ["One.", "Two."], "ru": ["Один.", "Два."]}
