"""English words that deny, turn round, or stand beside names."""

from __future__ import annotations

from index.languages.pack import Contrasts, NameUse


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONTRASTS = Contrasts(
    denials=(r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b"),
    hidden_denials=(
        r"\b(?:hardly|barely|few|little|only|unless|until|instead|rather|less|least|far from|free of|"
        r"more so than|too [a-z]+ to|un(?!ion|it|i[vqf]|der|til|cles?\b)[a-z]{4,}|[a-z]+less|"
        r"im[pm][a-z]{4,}|in(?:complete|suff|toler|accur|advert|form(?:al\b)|approp|abil|cap|corr|cons|"
        r"dep|dir|eff|hum|just|sec|stab|vis|val)[a-z]*|il(?:leg|lic|log)[a-z]*|dis[a-z]{4,}|non-?[a-z]+|"
        r"refus\w*|den(?:y|ies|ied|ying)|reject\w*|fail\w*|lack\w*|declin\w*|rul\w+ out|avoid\w*|"
        r"prevent\w*|bann?(?:ed|ing|s)?|difficult\w*|rare\w*|miss\w*|neglect\w*|ignor\w*|abandon\w*|"
        r"absen\w+|except)\b"
    ),
    no_denials=(r"not only|no longer than|nothing but|no doubt|no\.\s?\d|whether or not|why not"),
    axes={
        "amount": (
            (
                "increas* rise rises rising rose risen raise raises raised raising "
                "grow* grew gain* climb* soar* surg* jump* expand* expansion* "
                r"doubl* tripl* boost* up\s(?:from|by|to\s\d) "
                r"up(?=\s[\d.,]+\s?(?:%|per))"
            ),
            (
                "decreas* fall falls falling fell fallen drop* declin* reduc* "
                "shrink* shrank plung* slump* dwindl* cut cuts tumbl* "
                r"down\s(?:from|by|to\s\d) down(?=\s[\d.,]+\s?(?:%|per))"
            ),
        ),
        "comparison": (
            (
                "more higher larger greater bigger above exceed* "
                r"over\s(?:\d|a\sthird|half)"
            ),
            r"less fewer lower smaller below under\s(?:\d|half)",
        ),
        "bound": (r"at\sleast", r"at\smost no\smore\sthan"),
        "extreme": (
            r"best (?<!at\s)most highest largest biggest greatest",
            r"worst (?<!at\s)least lowest smallest fewest",
        ),
        "stance": (
            "support* back* endors* favou?r* approv* pro",
            "oppos* against object* protest* anti[a-z]*",
        ),
        "reply": ("accept* agree*", "reject* refus* disagree* declin* den(?:y|ies|ied)"),
        "contest": (
            ("won win wins winning winner* victor* beat beats beating beaten"),
            "lost lose loses losing loser*",
        ),
        "time": ("before prior ahead earlier ago previous*", "after following since later"),
        "trade": ("import*", "export*"),
        "market": ("buy* bought purchas*", "sell* sold sale*"),
        "latitude": (
            (
                ""
                r"north(?!ern\sireland|\s(?:korea|carolina|dakota|atlantic|macedonia))[a-z]*"
            ),
            r"south(?!\s(?:korea|carolina|dakota|africa|sudan))[a-z]*",
        ),
        "longitude": (r"east(?!er\b|enders)[a-z]*", "west(?!minster)[a-z]*"),
        "gate": ("open*", "clos* shut*"),
        "course": (
            "begin* began begun start* launch*",
            "ended ends ending stop* halt* finish* suspend*",
        ),
        "permission": ("allow* permit* let lets", "ban bans banned forbid* prohibit*"),
        "membership": ("join* enter*", "leave* left quit* withdr*"),
        "troops": ("deploy* sent send* dispatch*", "withdr* pull*"),
        "strength": ("strengthen* improv* deepen* warm*", "weaken* worsen* deteriorat* sour*"),
        "law": ("legal lawful", "illegal unlawful"),
        "truth": ("confirm* admit* acknowledg*", "den(?:y|ied|ies)"),
        "outcome": ("succe(?:ss|ed)*", "fail*"),
        "rank": ("first", "last final"),
        "attack": ("attack* invad* invas*", "defend* defen[cs]e"),
        "vertical": ("up upward*", "down downward*"),
        "place": ("inside indoor*", "outside outdoor*"),
        "holding": ("gain* won win wins winning keep* kept", "lost lose loses losing"),
        "sex": (
            ("he him his man men male boy* father* husband* son sons brother*"),
            ("she her woman women female girl* mother* wife wives daughter* sister* mrs ms"),
        ),
        "profit": ("profit* surplus", "loss* deficit"),
        "hope": ("optimis* hope* confiden*", "pessimis* fear* worr* concern*"),
        "speed": ("faster quick* accelerat*", "slow* decelerat*"),
    },
    undenied=(
        (r"\bcan(?:not|['’]t)\b", "can"),
        (r"\bwon['’]t\b", "will"),
        (r"(?<!\bca)(?<!\bwo)n['’]t\b", ""),
        (r"\b(?:no longer|not|never|no) ", ""),
        (r"\bwithout\b", "with"),
        (r"\bnone\b", "all"),
        (r"\bneither\b", "both"),
        (r"\bnothing\b", "something"),
        (r"\b(?:nobody|no one)\b", "everyone"),
        (r"\brefus(?:e|es|ed|ing) to\b", "agreed to"),
        (r"\bden(?:y|ies|ied|ying)\b", "confirmed"),
        (r"\breject(?:s|ed|ing)?\b", "accepted"),
        (r"\bunable to\b", "able to"),
    ),
    turns=(
        "increase/decrease increases/decreases increased/decreased "
        "increasing/decreasing rise/fall rises/falls rose/fell risen/fallen "
        "rising/falling raise/lower raised/lowered grow/shrink grew/shrank "
        "growing/shrinking growth/decline expand/contract expanded/contracted "
        "expansion/contraction more/fewer higher/lower larger/smaller "
        "greater/less bigger/smaller high/low above/below before/after "
        "earlier/later support/oppose supports/opposes supported/opposed "
        "supporting/opposing supporter/opponent supporters/opponents won/lost "
        "win/lose wins/loses winning/losing gain/lose gained/lost "
        "victory/defeat up/down best/worst better/worse highest/lowest "
        "largest/smallest most/least north/south east/west northern/southern "
        "eastern/western northeast/southwest northwest/southeast accept/reject "
        "accepts/rejects accepted/rejected agree/refuse agreed/refused "
        "approve/reject approved/rejected buy/sell bought/sold buying/selling "
        "import/export imports/exports imported/exported open/close "
        "opened/closed opening/closing begin/end began/ended start/stop "
        "started/stopped launch/end launched/ended allow/ban allowed/banned "
        "join/leave joined/left enter/leave entered/left strengthen/weaken "
        "strengthened/weakened improve/worsen improved/worsened confirm/deny "
        "confirmed/denied admit/deny admitted/denied success/failure "
        "succeed/fail succeeded/failed successful/failed first/last "
        "attack/defend attacked/defended inside/outside optimistic/pessimistic "
        "hope/fear faster/slower accelerate/slow strong/weak stronger/weaker "
        "legal/illegal profit/loss profits/losses surplus/deficit early/late "
        "majority/minority positive/negative friend/enemy men/women man/woman "
        "male/female boy/girl boys/girls son/daughter father/mother "
        "husband/wife brother/sister he/she his/her him/her old/young "
        "easy/difficult safe/dangerous rich/poor good/bad big/small large/small "
        "long/short"
    ),
    empty=_words(
        "a an the any be been being is are was were has have had do did does to so very really yet "
        "even ever all that it they he she we you will would can could for with and"
    ),
    stop=_words(
        "a an and are as at be been but by for from had has have he her his i in into is it its of "
        "on or she so that the their them they this to was we were which who will with would you "
        "not no do did does said says say also than then there these those what when where how why "
        "about after before more most other some such only over up out can could may might should "
        "must our us"
    ),
)

NAMES = NameUse(
    titles=_words(
        "Mr Mrs Ms Dr Sir Lord Lady President Vice Prime Minister Ministry Foreign Secretary State "
        "General Deputy Ambassador Chairman Speaker Senator Governor Mayor Professor Doctor Director "
        "Republic University Institute Academy Council Committee Treaty Agreement Organization "
        "Organisation Party Parliament"
    ),
    listed=r"(?:and|or|&)\s*(?:the\s)?",
    passive=(
        r"\b(?:was|were|is|are|been|being|be|got)\s+(?:\w+ly\s)?\w+(?:ed|en|wn|ught|old|et|ut|it)\s+by\b"
    ),
    moves=r"\b(?:in|at|from|into|near|off|of|for|over)\s+(?:the\s)?$",
    says=r"\s+(?:has |had )?(?:said|says|told|adds|added|noted|warned)\b",
    sounds=(
        ("tch|sch|sh|ch|zh|th(?=$)|j|z|x", "s"), ("ph|v|w", "f"), ("ck|q|kh", "k"), ("gh", ""),
        ("c(?=[eiy])", "s"), ("g(?=[eiy])", "s"), ("[cg]", "k"), ("d", "t"), ("b", "p"),
        ("r(?![aeiouy])", ""), ("r", "l"), ("[aeiouy'’-]", ""),
    ),
)  # fmt: skip
