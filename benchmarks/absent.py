"""Whether a question about a country that no article mentions is answered with what they say of another.

    python benchmarks/absent.py [--llm]

Asks the answerable questions in tests/data, each with one name exchanged for a country of which the articles in
seeds/ say nothing, of a library of seeds/. Prints each that is answered all the same, and how many are
refused. --llm has the offline LLM answer; otherwise sentences are quoted.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newscite
from benchmarks.figures import records
from benchmarks.questions import ROOT
from index.languages.names import known_names

SEED = 4
ABSENT = {
    "en": ("Brazil", "Poland", "Egypt", "Vietnam", "Canada", "Mongolia", "Peru"),
    "zh-Hans": ("巴西", "波兰", "埃及", "越南", "加拿大", "蒙古", "秘鲁"),
    "zh-Hant": ("巴西", "波蘭", "埃及", "越南", "加拿大", "蒙古", "秘魯"),
}


def exchanged(question: str, language: str, chance: random.Random) -> str:
    """The question with one of its names exchanged; "" where it has none."""
    names = [name for name in known_names().find(question) if len(name.text) > 1]
    if not names or language not in ABSENT:
        return ""
    name = chance.choice(names)
    other = chance.choice([one for one in ABSENT[language] if one not in question])
    return question[: name.start] + other + question[name.end :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--llm", action="store_true")
    llm = {} if parser.parse_args().llm else {"model": "none"}
    chance = random.Random(SEED)  # noqa: S311  not for secrets
    refused = []
    with (
        tempfile.TemporaryDirectory() as folder,
        newscite.open(Path(folder) / "library", None, llm=llm) as library,
    ):
        library.add(ROOT / "seeds")
        for name in ("seed_questions", "more_questions"):
            for record in records(ROOT / "tests" / "data" / f"{name}.jsonl"):
                asked = exchanged(record["question"], record["lang"], chance)
                if asked and record["answerable"]:
                    answer = library.ask(asked)
                    refused.append(answer.abstained)
                    if not answer.abstained:
                        print(f"{answer.confidence:.2f} {asked}\n     {answer.text}")
    print(f"{sum(refused)} of {len(refused)} refused")


if __name__ == "__main__":
    main()
