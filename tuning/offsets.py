"""The language offsets that ship: index/embed/data/offsets-*.npz.

    python -m tuning offsets DATA

DATA holds the NTREX files. Makes the offsets of the bundled embedder anew, by `newscite calibrate`'s
own code, and prints how far each vector is from the one that ships (they are kept in float16).
"""

from __future__ import annotations

import numpy as np

from index.config import EmbedderSettings
from index.embed.calibrate import calibrate
from index.embed.embedder import open_embedder
from index.embed.language_offsets import find_offsets
from tuning.data import NEWS_LANGUAGES, arguments


def main() -> None:
    given = arguments("The language offsets that ship.")
    lines = {
        tag: (given.data / f"ntrex_{tag}.txt").read_text(encoding="utf-8").splitlines()
        for tag in NEWS_LANGUAGES
    }
    embedder = open_embedder(EmbedderSettings())
    made, shipped = calibrate(embedder, lines), find_offsets(embedder)
    for language in sorted({*made.languages, *shipped.languages}):
        for part in ("query", "passage", "cohort"):
            new = getattr(made.languages[language], part)
            old = getattr(shipped.languages[language], part)
            farthest = (
                np.abs(new.astype(np.float32) - old).max() if new.shape == old.shape else np.inf
            )
            print(f"{language} {part:8} {new.shape}: the farthest number is off by {farthest:.4f}")


if __name__ == "__main__":
    main()
