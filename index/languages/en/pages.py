"""What stands on English news pages beside the articles."""

from __future__ import annotations

from index.languages.word_parts import Pages

PAGES = Pages(
    no_outlet="unknown|internet",
    outlet_label=r"\bsource|\bvia",
    author_label=(
        r"(?:^|(?<=[\s|•·,(]))(?:(?:story|written|reported|text|words|article)\s+by|by|authors?|reporter)"
        r"(?:\s*:\s*|\s+)"
    ),
    updated_label=r"(?:last\s+)?(?:updated|modified|edited)(?:\s+(?:on|at))?\s*[:]?\s*$",
    label=(
        r"\b(?:first\s+)?(?:published|posted|updated|last\s+(?:updated|modified)|created|date|issued|"
        r"released|on|at|is)\b\s*[:]?"
    ),
    noise=(
        r"(?:views?|comments?|shares?|reads?)\s*+[:(]?\s*+\d[\d,.]*+\s*+k?\)?"
        r"|(?<!\d)\d++\s*+(?:min(?:ute)?s?\s+read|comments?|views?)"
        r"|\b(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?"
        r"|\b[ap]m\b|\b(?:e[ds]?t|[cmp][ds]?t|utc|gmt)\b"
    ),
    outlet_word=(
        r"\b(?:post|times|news|newspaper|press|agency|daily|herald|journal|telegraph|tribune|gazette|"
        r"review|magazine|weekly|monthly|network|media|radio|television|tv|broadcasting|today|chronicle|"
        r"observer|standard|mail|globe|monitor|reporter|bulletin|wire|institute|foundation|council|"
        r"university)\b"
    ),
    not_name=r"^by\s+",
    enumerated=r"[IVX]{1,4}\.\s",
    function_words=frozenset(
        ("the", "of", "and", "to", "in", "a", "is", "was", "for", "on", "with", "as", "by", "at", "that",
         "from", "his", "her", "its", "be", "are", "were", "has", "have", "had", "it", "he", "she",
         "they", "this", "an", "or", "not", "but", "which", "who", "will", "would", "been", "their",
         "after", "said", "about", "into", "over", "than")
    ),
    corrects=r"\bcorrect(?:s|ed|ing|ions?)\b",
    going_on=r"\bsince\b",
)  # fmt: skip
