"""The language offsets that ship: index/embed/data/offsets-*.npz.

    python -m tuning offsets DATA [--every 8]

DATA holds the NTREX files. Makes the offsets of the bundled embedder anew, by `newscite calibrate`'s
own code. From all lines it prints how far the farthest number is from the one that ships (they are kept
in float16); from a part of the lines, how alike the directions are (cosines).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.config import EmbedderSettings
from index.embed.calibrate import calibrate
from index.embed.embedder import open_embedder
from index.embed.language_offsets import find_offsets
from index.embed.unit import unit
from tuning.data import NEWS_LANGUAGES, arguments


def main() -> None:
    given = arguments("The language offsets that ship.")
    lines = {
        tag: (given.data / f"ntrex_{tag}.txt")
        .read_text(encoding="utf-8")
        .splitlines()[:: given.every]
        for tag in NEWS_LANGUAGES
    }
    embedder = open_embedder(EmbedderSettings())
    made, shipped = calibrate(embedder, lines), find_offsets(embedder)
    for language in sorted({*made.languages, *shipped.languages}):
        for part in ("query", "passage", "cohort"):
            new = getattr(made.languages[language], part).astype(np.float32)
            old = getattr(shipped.languages[language], part).astype(np.float32)
            print(f"{language} {part:8} {compared(new, old, whole=given.every == 1)}")


def compared(new: NDArray[np.float32], old: NDArray[np.float32], *, whole: bool) -> str:
    if whole and new.shape == old.shape:
        return f"{new.shape}: the farthest number is off by {np.abs(new - old).max():.4f}"
    # Of a cohort, lines for comparison, the mean is compared.
    means = [values.reshape(-1, values.shape[-1]).mean(axis=0) for values in (new, old)]
    return f"cosine {float(np.prod([unit(mean) for mean in means], axis=0).sum()):.4f}"


if __name__ == "__main__":
    main()
