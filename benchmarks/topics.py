"""Timelines of topics of a few words over the seeds: are the events shown of the topic?

    python benchmarks/topics.py seeds

Each topic is asked in English, Chinese and Russian. An event counts as right if one of its quotes has
a word of the topic's: crude, but the same for every version of the program. Prints for each topic how many
events are shown and right, then the sum, and how many topics find nothing right. Topics that the seeds
do not mention should show nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import newscite

TOPICS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("trade office", "貿易代表處", "торговое представительство"), ("貿易代表處", "貿易處")),
    (
        (
            "Kazakhstan trade office",
            "哈薩克貿易代表處",
            "торговое представительство Казахстана",
        ),
        ("貿易代表處", "貿易處"),
    ),
    (("Russia sugar exports", "俄羅斯糖出口", "экспорт сахара из России"), ("糖出口", "糖價")),
    (("Blinken visit", "布林肯訪問", "визит Блинкена"), ("布林肯",)),
    (
        (
            "Armenia Azerbaijan conflict",
            "亞美尼亞 亞塞拜然 衝突",
            "конфликт Армении и Азербайджана",
        ),
        ("亞美尼亞", "Armenia"),
    ),
    (
        ("protests in Kazakhstan", "哈薩克抗議", "протесты в Казахстане"),
        ("抗议", "示威", "暴动", "骚乱", "暴力冲突", "暴亂", "鎮壓"),
    ),
    (("troop withdrawal", "撤軍", "вывод войск"), ("撤军", "撤離")),
    (("Kim Jong Un visit to Russia", "金正恩訪俄", "визит Ким Чен Ына в Россию"), ("金正恩",)),
    (
        ("Putin visit to North Korea", "普京訪朝", "визит Путина в КНДР"),
        ("普京訪", "訪問朝鮮", "抵達平壤", "訪朝"),
    ),
    (
        ("no limits partnership", "無上限夥伴關係", "партнёрство без ограничений"),
        ("no limits", "無上限", "无上限"),
    ),
    (
        ("oil exports to Europe", "對歐洲石油出口", "экспорт нефти в Европу"),
        ("石油", "oil"),
    ),
    (
        ("North Korean workers in Russia", "在俄朝鮮勞工", "северокорейские рабочие в России"),
        ("勞工", "勞務"),
    ),
    (
        ("CSTO troops in Kazakhstan", "集安組織 哈薩克 派兵", "войска ОДКБ в Казахстане"),
        ("集安", "CSTO", "集體安全"),
    ),
    (("volcano eruption", "火山噴發", "извержение вулкана"), ()),
    (("football championship", "奧運會金牌", "чемпионат мира по футболу"), ()),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=Path, help="the folder of seed articles")
    seeds = parser.parse_args().seeds
    with (
        tempfile.TemporaryDirectory() as folder,
        newscite.open(folder, llm={"model": "none"}) as library,
    ):
        library.add([str(seeds)])
        shown = right = missed = known = unknown = 0
        for asked, words in TOPICS:
            for topic in asked:
                said = [
                    " ".join(mention.text for mention in event.mentions)
                    for event in library.timeline(topic).events
                ]
                good = sum(any(word in text for word in words) for text in said)
                print(f"{len(said):4} shown, {good:3} right  {topic}")
                if words:
                    shown, right, known = shown + len(said), right + good, known + 1
                    missed += not good
                else:
                    unknown += len(said)
    print(
        f"{shown} shown, {right / shown:.2f} right; {missed} of {known} topics without a right one;"
    )
    print(f"{unknown} shown for topics that the articles do not tell of")


if __name__ == "__main__":
    main()
