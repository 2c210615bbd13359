"""Runs a script of this folder by its name."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

SCRIPTS = sorted(
    file.stem
    for file in Path(__file__).parent.glob("*.py")
    if file.stem not in {"__init__", "__main__", "sweep", "data"}
)


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in SCRIPTS:
        sys.exit(f"Type: python -m tuning {{{','.join(SCRIPTS)}}} DATA")
    name = sys.argv.pop(1)
    runpy.run_module(f"tuning.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
