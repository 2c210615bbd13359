"""What the page and the exported HTML say, in English, Traditional and Simplified Chinese.

`words(language)` gives the words for text made here (an answer, the evidence panel); the browser
picks among `BROWSER` for labels and buttons. A test keeps the three tables complete.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.export.documents import labels

_TABLE: Mapping[str, tuple[str, str, str]] = {
    # labels and buttons
    "question": ("Your question", "您的問題", "您的问题"),
    "placeholder": (
        "Ask the articles, in any language",
        "向文章提問，語言不限",
        "向文章提问，语言不限",
    ),
    "welcome": ("What would you like to know?", "您想了解什麼？", "您想了解什么？"),
    "promise": (
        "Every sentence of an answer cites the words of an article. Click a number to read them.",
        "答案的每一句都引用文章原文，點擊編號即可閱讀。",
        "答案的每一句都引用文章原文，点击编号即可阅读。",
    ),
    "compare": ("Compare outlets", "比較各媒體", "比较各媒体"),
    "timeline": ("Timeline", "時間線", "时间线"),
    "new": ("New conversation", "新對話", "新对话"),
    "filters": ("Search only in …", "只搜尋…", "只搜索…"),
    "outlets": ("Outlets", "媒體", "媒体"),
    "languages": ("Languages", "語言", "语言"),
    "from": ("Published from", "發布日期自", "发布日期自"),
    "to": ("Published to", "發布日期至", "发布日期至"),
    "add": ("Add articles", "加入文章", "添加文章"),
    "upload": ("Choose files", "選擇檔案", "选择文件"),
    # the panel
    "evidence": ("Evidence", "證據", "证据"),
    "evidence_hint": (
        "The passages an answer rests on appear here as soon as you ask.",
        "提問後，這裡會立即顯示答案所依據的段落。",
        "提问后，这里会立即显示答案所依据的段落。",
    ),
    "nothing": ("No passage was found.", "找不到相關段落。", "找不到相关段落。"),
    "back": ("All evidence", "所有證據", "所有证据"),
    "original": ("Original page", "原始網頁", "原始网页"),
    "previous": ("Previous citation", "上一則引文", "上一条引文"),
    "next": ("Next citation", "下一則引文", "下一条引文"),
    "found": ("Found by", "匹配詞", "匹配词"),
    "shortened": ("The article goes on.", "文章未完。", "文章未完。"),
    "guessed": ("inferred, not stated by the page", "推斷所得，網頁未註明", "推断所得，网页未注明"),
    "unknown_outlet": ("Unknown outlet", "不明媒體", "不明媒体"),
    "undated": ("no date", "無日期", "无日期"),
    "gone": (
        "This answer is no longer in memory. Ask again to open its articles.",
        "此答案已不在記憶體中，請重新提問。",
        "此答案已不在内存中，请重新提问。",
    ),
    # answers
    "searching": ("Searching the articles …", "正在搜尋文章…", "正在搜索文章…"),
    "comparing": ("Asking each outlet …", "正在逐一查問各媒體…", "正在逐一查问各媒体…"),
    "reading": ("Reading the evidence …", "正在閱讀證據…", "正在阅读证据…"),
    "writing": ("Writing …", "正在撰寫…", "正在撰写…"),
    "stopped": ("Stopped.", "已停止。", "已停止。"),
    "failed": ("This did not work:", "發生錯誤：", "发生错误："),
    "unexpected": (
        "a fault in newscite; the terminal it runs in shows the details.",
        "newscite 出錯，詳情請見其終端機。",
        "newscite 出错，详情请见其终端。",
    ),
    "searched": ("Searched for", "搜尋內容", "搜索内容"),
    "seconds": ("s", "秒", "秒"),
    "extractive": ("quoted, no LLM", "直接引用，未用 LLM", "直接引用，未用 LLM"),
    "download": ("Download", "下載", "下载"),
    "copy": ("Copy", "複製", "复制"),
    "copied": ("Copied", "已複製", "已复制"),
    # the library
    "articles": ("articles", "篇文章", "篇文章"),
    "empty": (
        "The library is empty. Add files here, or run: newscite add FOLDER",
        "資料庫是空的。請在此加入檔案，或執行：newscite add 資料夾",
        "资料库是空的。请在此添加文件，或运行：newscite add 文件夹",
    ),
    "added": ("Added {n} articles.", "已加入 {n} 篇文章。", "已添加 {n} 篇文章。"),
    "adding": ("Adding articles …", "正在加入文章…", "正在添加文章…"),
    "not_added": ("Not added:", "未加入：", "未添加："),
    "unchanged": ("Already in the library: {n}", "已在資料庫中：{n}", "已在资料库中：{n}"),
}

_LANGUAGES = ("en", "zh-Hant", "zh-Hans")

WORDS: Mapping[str, Mapping[str, str]] = {
    language: {**labels(language), **{key: row[column] for key, row in _TABLE.items()}}
    for column, language in enumerate(_LANGUAGES)
}

BROWSER: Mapping[str, Mapping[str, str]] = {
    "en": WORDS["en"],
    **dict.fromkeys(("zh-Hant", "zh-TW", "zh-HK", "zh-MO"), WORDS["zh-Hant"]),
    **dict.fromkeys(("zh", "zh-Hans", "zh-CN", "zh-SG"), WORDS["zh-Hans"]),
}
"""Words by what browsers call the user's language."""

LANGUAGE_NAMES: Mapping[str, tuple[str, str]] = {
    "zh-Hant": ("繁", "繁體中文"),
    "zh-Hans": ("简", "简体中文"),
    "en": ("EN", "English"),
    "ru": ("RU", "Русский"),
}
"""Badge and name of a language, in that language."""


def words(language: str) -> Mapping[str, str]:
    """The words for a language; any that is not Chinese gets English."""
    if language == "zh":
        return WORDS["zh-Hans"]
    return WORDS.get(language, WORDS["en"])
