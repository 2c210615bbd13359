"""A run of vectors in the order of their rows, and the FAISS indexes over them.

In: row numbers, ascending, and fp16 vectors. Out: the rows nearest to a vector. A large segment has
a RaBitQ index (Gao and Long, 2024, "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical
Error Bound for Approximate Nearest Neighbor Search") whose candidates are ranked again by the exact
vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.halves import floats
from index.search.protocol import NOTHING, Found, best

if TYPE_CHECKING:
    from numpy.typing import NDArray

CODE_BITS = 2
"""Bits that RaBitQ keeps of each component of a passage's vector. With 1 bit (and 10 candidates for each
hit) recall is .977 and a search takes a tenth less time; with 3 bits it takes several times as long."""

QUERY_BITS = 4
"""Bits that RaBitQ keeps of each component of a query. With 8 recall is the same and a search slower."""

TRAINING_ROWS = 50_000
"""RaBitQ learns only the mean vector, for which this many rows are plenty."""

SCANNED_ROWS = 50_000
"""A segment with no more rows than this is always searched exactly: RaBitQ is no faster on so few.
"""

SEGMENT_ROWS = 300_000
"""Segments are merged up to this size, which bounds the memory a merge takes."""

WORTH_WRITING = 0.1
"""At the end of a change, files are written if at least this share of the rows is new or gone."""


@dataclass(slots=True)
class Segment:
    """Rows in ascending order and the index over their vectors, in the same order."""

    rows: NDArray[np.int64]
    exact: Any
    """The FAISS index whose codes are the vectors as fp16."""
    coarse: Any = None
    """The RaBitQ index of a large segment."""
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

        `candidates`: how many rows RaBitQ finds, before they are ranked by their exact vectors.
        """
        faiss = load_faiss()
        mask = None if self.dead is None else ~self.dead
        if lookup is not None:
            allowed = lookup[np.minimum(self.rows, len(lookup) - 1)]
            mask = allowed if mask is None else mask & allowed
        if not len(self.rows) or (mask is not None and not mask.any()):
            return NOTHING
        # The packed bits must outlive the search: the selector keeps only a pointer to them.
        bits = None if mask is None else np.packbits(mask, bitorder="little")
        chosen = None if bits is None else faiss.IDSelectorBitmap(bits)
        query = np.ascontiguousarray(vector[None], np.float32)
        if self.coarse is None:
            params = faiss.SearchParameters(sel=chosen)
            scores, at = self.exact.search(query, min(limit, len(self.rows)), params=params)
            found = at[0] >= 0
            return self.rows[at[0][found]], scores[0][found]
        wanted = min(candidates, len(self.rows))
        params = faiss.RaBitQSearchParameters(sel=chosen, qb=QUERY_BITS)
        at = self.coarse.search(query, wanted, params=params)[1][0]
        at = np.sort(at[at >= 0])  # in the order of the file
        return best(self.rows[at], floats(self.vectors[at]) @ query[0], limit)


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
    removed, and it has a RaBitQ index if its language is large."""
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
    """A RaBitQ index over vectors [n, d]."""
    faiss = load_faiss()
    index = faiss.IndexRaBitQ(vectors.shape[1], faiss.METRIC_INNER_PRODUCT, CODE_BITS)
    step = max(1, len(vectors) // TRAINING_ROWS)
    index.train(vectors[::step].astype(np.float32))
    for at in range(0, len(vectors), TRAINING_ROWS):
        index.add(vectors[at : at + TRAINING_ROWS].astype(np.float32))
    return index
