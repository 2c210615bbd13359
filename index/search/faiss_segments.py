"""A run of vectors in the order of their rows, and the FAISS indexes over them.

In: row numbers, ascending, and fp16 vectors. Out: the rows nearest to a vector. A large segment has a
coarse index: vectors cut into pairs of components, each pair 4 bits (product quantization: Jégou, Douze
and Schmid 2011), looked up in registers (André, Kermarrec and Le Scouarnec 2017, "Accelerated Nearest
Neighbor Search with Quick ADC"). Its candidates are ranked again by the exact vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.halves import floats
from index.search.protocol import NOTHING, Found

if TYPE_CHECKING:
    from numpy.typing import NDArray

COMPONENTS, CODE_BITS = 2, 4
"""So many components of a vector are kept as one code of so many bits."""

TRAINING_ROWS = 10_000
"""The coarse index learns 16 codes for each pair of components, for which this many rows are plenty."""

SCANNED_ROWS = 10_000
"""A segment with no more rows than this is always searched exactly, which takes a third of a millisecond."""

COARSE = ".pq.faiss"
"""What the name of a coarse index ends with."""

FILTERED_SHARE = 0.25
"""Where a filter allows a smaller share of the rows than this, just those are searched, exactly. Where it
allows more, all are searched, for ever more hits, until enough of them are allowed."""

SEGMENT_ROWS = 300_000
"""Segments are merged up to this size, which bounds the memory a merge takes."""

ADDED_ROWS = 50_000
"""So many vectors are turned into float32 at once for the coarse index."""

WORTH_WRITING = 0.1
"""At the end of a change, files are written if at least this share of the rows is new or gone."""


@dataclass(slots=True)
class Segment:
    """Rows in ascending order and the index over their vectors, in the same order."""

    rows: NDArray[np.int64]
    exact: Any
    """The FAISS index whose codes are the vectors as fp16."""
    coarse: Any = None
    """The coarse index of a large segment."""
    entry: dict[str, Any] | None = None
    """Its entry in the state file; None for a tail in memory."""
    dead: NDArray[np.bool_] | None = None
    """True at the positions of removed rows; None while no row is removed."""

    @property
    def long(self) -> bool:
        """Whether a search of all its vectors would take too long."""
        return len(self.rows) > SCANNED_ROWS

    @property
    def live(self) -> int:
        return len(self.rows) - self.gone

    @property
    def gone(self) -> int:
        return 0 if self.dead is None else int(self.dead.sum())

    @property
    def live_rows(self) -> NDArray[np.int64]:
        return self.rows if self.dead is None else self.rows[~self.dead]

    @property
    def vectors(self) -> NDArray[np.float16]:
        """[n, d], a view into the index."""
        size = len(self.rows) * self.exact.d
        if not size:
            return np.empty((0, self.exact.d), np.float16)
        codes = load_faiss().rev_swig_ptr(self.exact.codes.data(), 2 * size)
        view: NDArray[np.float16] = codes.view(np.float16).reshape(len(self.rows), -1)
        return view

    def append(self, rows: NDArray[np.int64], vectors: NDArray[np.float16]) -> None:
        _add(self.exact, vectors)
        self.rows = np.concatenate([self.rows, rows])
        if self.dead is not None:
            self.dead = np.concatenate([self.dead, np.zeros(len(rows), np.bool_)])

    def kill(self, rows: NDArray[np.int64]) -> None:
        """Marks those of its rows that are among `rows` as removed: no search finds them."""
        gone = np.isin(self.rows, rows, assume_unique=True)
        if gone.any():
            self.dead = gone if self.dead is None else self.dead | gone

    def search(
        self,
        vector: NDArray[np.float32],
        limit: int,
        lookup: NDArray[np.bool_] | None,
        candidates: int,
    ) -> Found:
        """The best rows among those for which `lookup[row]` is True.

        `candidates`: how many rows the coarse index finds, before they are ranked by their exact vectors.
        """
        mask = None if self.dead is None else ~self.dead
        if lookup is not None:
            asked = lookup[np.minimum(self.rows, len(lookup) - 1)]
            mask = asked if mask is None else mask & asked
        total = len(self.rows)
        allowed = total if mask is None else int(mask.sum())
        if not allowed:
            return NOTHING
        query = np.ascontiguousarray(vector[None], np.float32)
        if self.coarse is not None and allowed >= FILTERED_SHARE * total:
            depth = limit + 2 * limit * (total - allowed) // allowed
            while depth <= FILTERED_SHARE * total:
                at, scores = self._nearest(query, depth, candidates / limit)
                if mask is not None:
                    allowed_of_them = mask[at]
                    at, scores = at[allowed_of_them], scores[allowed_of_them]
                if len(at) >= limit:
                    return self.rows[at[:limit]], scores[:limit]
                depth *= 4
        at, scores = self._nearest_allowed(query, min(limit, allowed), mask)
        return self.rows[at], scores

    def _nearest(self, query: NDArray[np.float32], limit: int, per_hit: float) -> Found:
        """The places of the nearest rows, the removed ones among them, by way of the coarse index."""
        faiss = load_faiss()
        params = faiss.IndexRefineSearchParameters(k_factor=per_hit)
        both = faiss.IndexRefine(self.coarse, self.exact)
        scores, at = both.search(query, limit, params=params)
        return at[0][at[0] >= 0], scores[0][at[0] >= 0]

    def _nearest_allowed(
        self, query: NDArray[np.float32], limit: int, mask: NDArray[np.bool_] | None
    ) -> Found:
        """The places of the nearest rows among those for which the mask is True."""
        faiss = load_faiss()
        # The packed bits must outlive the search: the selector keeps only a pointer to them.
        bits = None if mask is None else np.packbits(mask, bitorder="little")
        chosen = None if bits is None else faiss.IDSelectorBitmap(bits)
        params = faiss.SearchParameters(sel=chosen)
        scores, at = self.exact.search(query, limit, params=params)
        return at[0][at[0] >= 0], scores[0][at[0] >= 0]


def merge_plan(segments: list[Segment], tail: Segment | None) -> list[list[Segment]]:
    """Which consecutive segments to write as one: each segment stays over twice as long as the next."""
    groups = [[segment] for segment in (*segments, *([tail] if tail is not None else []))]
    while len(groups) > 1:
        before, last = (sum(segment.live for segment in group) for group in groups[-2:])
        if before > 2 * last or before + last > SEGMENT_ROWS:
            break
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def as_it_is(group: list[Segment], large: bool) -> bool:
    """True if nothing of a group must be written: it is a single segment on disk, few of its rows are
    removed, and it has a coarse index if its language is large."""
    segment = group[0]
    if len(group) > 1 or segment.entry is None:
        return False
    slow = large and segment.coarse is None and segment.long
    return not slow and segment.gone <= WORTH_WRITING * len(segment.rows)


def load_faiss() -> Any:
    """FAISS, imported at its first use because that takes 0.1 s."""
    import faiss

    return faiss


def flat_index(dimension: int) -> Any:
    """An index that keeps its vectors as fp16 and looks at each of them."""
    faiss = load_faiss()
    quantizer = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexScalarQuantizer(dimension, quantizer, faiss.METRIC_INNER_PRODUCT)


def _add(index: Any, vectors: NDArray[np.float16]) -> None:
    """Adds fp16 vectors [n, d] without conversion: fp16 is the format of the index."""
    if not len(vectors):
        return
    codes = np.ascontiguousarray(vectors).view(np.uint8).reshape(len(vectors), -1)
    index.add_sa_codes(codes)


def coarse_index(vectors: NDArray[np.float16]) -> Any:
    """The coarse index over vectors [n, d]."""
    faiss = load_faiss()
    width = vectors.shape[1]
    parts = width // COMPONENTS if width % COMPONENTS == 0 else width
    index = faiss.IndexPQFastScan(width, parts, CODE_BITS, faiss.METRIC_INNER_PRODUCT)
    index.train(floats(vectors[:: max(1, len(vectors) // TRAINING_ROWS)]))
    for at in range(0, len(vectors), ADDED_ROWS):
        index.add(floats(vectors[at : at + ADDED_ROWS]))
    return index
