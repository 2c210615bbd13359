"""What stands in English questions, and in what models reply."""

from __future__ import annotations

from index.languages.word_parts import Asking

_SAY = "(?:say|reply|respond|answer|output|print|write|repeat|include|add|cite)"
_REPLY = "(?:answer|reply|response|output)"
_BEGINS = r"(?:^|[.:;,!?\"'“]\s*|\b(?:now|please|always|only|must|you)\s+)"

ASKING = Asking(
    part_end="and",
    part_start=r"(?:who|what|when|where|why|how|which)\b",
    asks=(
        r"\b(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|has|have|had|"
        r"can|could|will|would|should)\b"
    ),
    refers=(
        r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|this|that|these|those|there|then)\b"
    ),
    continues=r"and|but|so|what about|how about|why(?: not)?\s*[?？]?$",
    refusals=(
        r"(?:the )?(?:excerpts?|articles?|texts?|passages?)(?: provided| given)? (?:do|does|did) not "
        r"(?:say|mention|contain|provide|answer|specify|state|include|give|indicate)"
        r"|(?:there is|i have|i found) no (?:information|mention|data)|(?:is|are|was) not (?:mentioned|"
        r"specified|stated|provided|given) in the (?:excerpts?|articles?|text)"
        r"|cannot be (?:determined|answered)|i (?:do not|don't) know"
    ),
    label="answer|a",
    orders=(
        # What came before, or stands elsewhere, is not to count.
        r"\b(?:ignore|disregard|forget|override)\W+(?:\w+\W+){0,4}?(?:instruction|prompt|rule|excerpt|article)s?\b",
        # The model is addressed, or told what it is.
        r"\b(?:system|developer) (?:prompt|message|instruction)s?\b",
        r"\byou are now\b|\bfrom now on,? you\b|\byour (?:new )?task\s*:",
        r"\b(?:dear|attention|note to|hey),? (?:ai|llm|chatbot|assistant)\b",
        # A turn of a chat, or a prompt's own marks, is opened or closed.
        r"<\|[^|<>]{1,40}\|>|\[/?inst\]|<(?:start|end)_of_turn>|</?(?:excerpts?|article|document|s)>",
        r"\"role\"\s*:\s*\"|^\s*(?:system|assistant)\s*:",
        # It is told what to say.
        rf"{_BEGINS}{_SAY}\W+(?:\w+\W+){{0,3}}?(?:only|nothing but|exactly|word for word|the word\b|yes\b"
        r"|everything above|not in the articles|in \w+, whatever)",
        rf"{_BEGINS}(?:say|reply|answer|cite)\b\W+(?:with\b|yes\b|this as\b)|\bcite this as\b",
        rf"^\s*(?:\w+:\s*)?(?:now |please )?(?:you only )?{_SAY}\W+\w+\W*$|{_BEGINS}{_SAY}\W+\w+\W+and stop\b",
        rf"{_BEGINS}{_SAY}\s+(?:<|!?\[)",
        r"^\s*(?:line|answer|task)\s*:\s*\w+\W*$",
        rf"\b(?:end|begin|start|finish)s? (?:your|every|each) {_REPLY}\b",
        rf"\b(?:unless|until) (?:the|your|every) {_REPLY} contains?\b",
    ),
    forms={
        "reason": r"\bwhy\b|\bwh(?:at|ich)\b.{0,20}\breasons?\b",
        "number": (
            r"\bhow (?:many|much|long|large|big|old|far|fast|high|often)\b"
            r"|\bwhat (?:share|percentage?|proportion|number|amount)\b"
        ),
        "several": r"\bwh(?:ich|at) (?:two|three|four|five)\b",
        "time": (
            r"\bwhen (?:did|do|does|was|were|is|are|will|would|has|have|had|can|could|should|might)\b"
            r"|\bwhen\W*$|\b(?:what|which) (?:date|day|year|month)\b"
        ),
        "place": (
            r"\bwhere\b|\b(?:what|which) (?:country|countries|city|cities|town|village|province|place|region)\b"
        ),
        "person": r"\bwho(?:m|se)?\b",
        "latest": r"\b(?:latest|newest|most recent|up to date|so far|current(?:ly)?|now)\b",
    },
    openly=(
        r"^\W*(?:\S+ ){0,6}?how\b"
        r"|\bwhat (?:happened|caused|(?:did|does|do|has|have|had|will|would|is|are|was|were)\b)"
        r"|\bwhat\b.{0,40}\b(?:promise|position|result|view|plan|response|condition|relation)"
    ),
    gives_reason=(
        r"\bbecause\b|\bsince\b|\bdue to\b|\bin order to\b|\breasons?\b|\bso that\b|\bas a result\b"
        r"|\bto (?:make up|avoid|prevent)\b"
    ),
    announces_reasons=r"reasons? (?:is|are|for|why)\b",
    item="first|second|third|finally|lastly|also|moreover|in addition",
    refers_back=(
        r"(?:to|in order to|by|for|in|because of|despite|after|with|under|at|on) (?:\w+ )?"
        r"(?:this|that|these|those|such)\b"
        r"|(?:this|these|those|such|it|they|he|she|his|her|its|their|both|neither)\b"
        r"|that (?:is|was|would|could|will|may|might|means?|meant|makes?|made|decision|move|has|had|same)\b"
        r"|the (?:former|latter|move|decision|two)\b"
    ),
)  # fmt: skip
