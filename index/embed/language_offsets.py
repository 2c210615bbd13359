"""Language offsets: what an embedder adds to all vectors of a language, to be subtracted.

In: an embedder. Out: its `Offsets`, shipped or made by index/embed/calibrate.py, with which scores of
passages in different languages compare. A multilingual embedder places each language in a region of
its own, so that a question is near everything in its own language, relevant or not. Two corrections
are estimated on parallel text (never on the user's articles, whose topics would leak into them):

- `centred`: vectors minus a share of their language's mean (Libovický et al. 2020, "On the
  Language Neutrality of Pre-trained Multilingual Representations"), queries apart from passages;
- `standardised`: scores in standard deviations above what the question scores on a fixed cohort
  of news passages in that language: the Z-norm of speaker verification (Auckenthaler et al. 2000).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embed.unit import unit
from index.errors import LibraryError
from index.languages.text import primary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embed.protocol import Embedder

CENTRING = 0.7
"""Share of the mean that is subtracted (tuning/retrieval.py)."""

TINY = np.float32(1e-12)
"""Stands for a length or a norm of 0, by which nothing can be divided."""

SUFFIX = ".npz"
OWN_FILE = "offsets" + SUFFIX


@dataclass(frozen=True, slots=True, eq=False)
class Offset:
    """The offset of one language: the means of queries and of passages [d], and a cohort of
    passages [n, d]."""

    query: NDArray[np.float32]
    passage: NDArray[np.float32]
    cohort: NDArray[np.float32]


@dataclass(frozen=True)
class Offsets:
    """The offsets of an embedder, by primary language."""

    embedder: str = ""
    fingerprint: str = ""
    languages: Mapping[str, Offset] = field(default_factory=dict)

    def __contains__(self, language: str) -> bool:
        return primary(language) in self.languages

    def centred_query(
        self, query: NDArray[np.float32], language: str, strength: float = 1.0
    ) -> NDArray[np.float32]:
        """A query's vector [d] without its language's offset."""
        if not self.languages:
            return query
        mean = np.mean([offset.query for offset in self._like(language)], axis=0)
        return unit(query - strength * CENTRING * mean)

    def centred(
        self, passages: NDArray[np.float32], language: str, strength: float = 1.0
    ) -> NDArray[np.float32]:
        """Vectors of passages or sentences [n, d] without their language's offset."""
        if not self.languages:
            return passages
        return unit(passages - strength * CENTRING * self._mean(language))

    def cosines(
        self,
        query: NDArray[np.float32],
        passages: NDArray[np.float32],
        language: str,
        strength: float = 1.0,
    ) -> NDArray[np.float32]:
        """[n]: of a centred query with vectors of passages or sentences [n, d] of any length as if they
        were centred, which takes a fraction of the time; -1 where a vector is all zeros."""
        lengths = np.sqrt(np.einsum("ij,ij->i", passages, passages))
        known = np.maximum(lengths, TINY)
        near: NDArray[np.float32] = passages @ query / known
        if self.languages:
            offset = strength * CENTRING * self._mean(language)
            along = passages @ offset / known
            near -= offset @ query
            near /= np.sqrt(np.maximum(1 - 2 * along + offset @ offset, TINY))
        near[lengths == 0] = -1
        return near

    def background(
        self, query: NDArray[np.float32], language: str, strength: float = 1.0
    ) -> tuple[float, float] | None:
        """Mean and deviation of a centred query's scores on the language's cohort; None without any."""
        if not self.languages:
            return None
        found = [_centred_cohort(offset, strength) @ query for offset in self._like(language)]
        means, deviations = zip(*((scores.mean(), scores.std()) for scores in found), strict=True)
        return float(np.mean(means)), float(np.mean(deviations))

    def _mean(self, language: str) -> NDArray[np.float32]:
        """The offset of the passages of a language [d]."""
        mean: NDArray[np.float32] = np.mean([one.passage for one in self._like(language)], axis=0)
        return mean

    def _like(self, language: str) -> Sequence[Offset]:
        """The offset of a language; for one that has none, all offsets, whose average it gets."""
        known = self.languages.get(primary(language))
        return [*self.languages.values()] if known is None else [known]

    def save(self, path: Path) -> None:
        """Writes a .npz file; about 100 kB a language at 384 dimensions."""
        arrays: dict[str, Any] = {
            f"{language}.{name}": getattr(offset, name).astype(np.float16)
            for language, offset in self.languages.items()
            for name in ("query", "passage", "cohort")
        }
        written = path.with_suffix(".tmp")
        with written.open("wb") as file:
            np.savez(file, embedder=self.embedder, fingerprint=self.fingerprint, **arrays)
        written.replace(path)


@lru_cache(16)
def _centred_cohort(offset: Offset, strength: float) -> NDArray[np.float32]:
    return unit(offset.cohort - strength * CENTRING * offset.passage)


def load(path: Path) -> Offsets:
    """Reads what `Offsets.save` wrote. Raises LibraryError where it cannot."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        languages = sorted({name.split(".")[0] for name in arrays if "." in name})
        return Offsets(
            str(arrays["embedder"]),
            str(arrays["fingerprint"]),
            {
                language: Offset(
                    *(
                        arrays[f"{language}.{name}"].astype(np.float32)
                        for name in ("query", "passage", "cohort")
                    )
                )
                for language in languages
            },
        )
    except (OSError, ValueError, KeyError) as error:
        raise LibraryError(
            "offsets",
            "Cannot read the language offsets in {path}: {error}. Delete the file, or "
            "make it anew with: newscite calibrate",
            path=path,
            error=error,
        ) from error


def find_offsets(embedder: Embedder, folder: Path | None = None) -> Offsets:
    """The shipped offsets of this embedder; the user's own, if `folder` has some, win over them.

    Shipped offsets are for a fingerprint, or for a name and dimension: the same model in another
    precision has the same offsets. The user's own are for a fingerprint; languages that they lack
    keep the shipped offsets. An embedder without any gets `Offsets` without languages.
    """
    found = _shipped_for(embedder)
    if folder is not None and (folder / OWN_FILE).is_file():
        own = load(folder / OWN_FILE)
        if own.fingerprint == embedder.fingerprint:
            return replace(own, languages={**found.languages, **own.languages})
    return found


def _shipped_for(embedder: Embedder) -> Offsets:
    for offsets in _shipped():
        if offsets.fingerprint == embedder.fingerprint:
            return offsets
    for offsets in _shipped():
        dimension = len(next(iter(offsets.languages.values())).query)
        if offsets.embedder == short_name(embedder) and dimension == embedder.dimension:
            return offsets
    return Offsets()


def short_name(embedder: Embedder) -> str:
    """ "google/embeddinggemma-300m" and "/models/embeddinggemma-300m" are the same model."""
    return Path(embedder.name).name.lower()


@cache
def _shipped() -> tuple[Offsets, ...]:
    """Made by `calibrate` from NTREX-128 (Federmann et al. 2022; parallel news in English, Chinese
    and Russian): 1,997 lines for multilingual-e5-small (tuning/offsets.py makes them again), 497
    for EmbeddingGemma."""
    folder = Path(str(files("index.embed"))) / "data"
    return tuple(load(path) for path in sorted(folder.glob(f"offsets-*{SUFFIX}")))
