"""English words that deny, turn round, or stand beside names."""

from __future__ import annotations

from index.languages.word_parts import Axis, Contrasts, NameUse


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
        "amount": Axis(
            (
                "increas* raise raises raised raising grow* gain* climb* soar* surg* jump* expand* "
                r"expansion* doubl* tripl* boost* up\s(?:from|by|to\s\d) up(?=\s[\d.,]+\s?(?:%|per))"
            ),
            (
                "decreas* drop* declin* reduc* shrink* plung* slump* dwindl* cut cuts tumbl* "
                r"down\s(?:from|by|to\s\d) down(?=\s[\d.,]+\s?(?:%|per))"
            ),
            turns=(
                "increase/decrease increases/decreases increased/decreased increasing/decreasing "
                "rise/fall rises/falls rose/fell risen/fallen rising/falling grow/shrink grew/shrank "
                "growing/shrinking growth/decline"
            ),
            loose="raise/lower raised/lowered expand/contract expanded/contracted expansion/contraction",
        ),
        "comparison": Axis(
            r"exceed* over\s(?:\d|a\sthird|half)",
            r"under\s(?:\d|half)",
            turns="more/fewer higher/lower larger/smaller greater/less bigger/smaller above/below",
        ),
        "bound": Axis(
            r"at\sleast",
            r"at\smost no\smore\sthan",
        ),
        "extreme": Axis(
            r"(?<!at\s)most biggest greatest",
            r"(?<!at\s)least fewest",
            turns="best/worst highest/lowest largest/smallest most/least",
            loose="better/worse",
        ),
        "stance": Axis(
            "support* back* endors* favou?r* approv* pro",
            "oppos* against object* protest* anti*",
            turns="support/oppose supports/opposes supported/opposed supporting/opposing",
            loose="supporter/opponent supporters/opponents",
        ),
        "reply": Axis(
            "accept* agree*",
            "reject* refus* disagree* declin* den(?:y|ies|ied)",
            turns="accept/reject accepts/rejects accepted/rejected agree/refuse agreed/refused",
            loose="approve/reject approved/rejected",
        ),
        "contest": Axis(
            "winner* victor* beat beats beating beaten",
            "loser*",
            turns="won/lost win/lose wins/loses winning/losing",
            loose="victory/defeat",
        ),
        "time": Axis(
            "prior ahead ago previous*",
            "following since",
            turns="before/after earlier/later",
            loose="early/late",
        ),
        "trade": Axis(
            "import*",
            "export*",
            turns="import/export imports/exports imported/exported",
        ),
        "market": Axis(
            "buy* purchas*",
            "sell* sale*",
            turns="buy/sell bought/sold buying/selling",
        ),
        "latitude": Axis(
            r"north(?!ern\sireland|\s(?:korea|carolina|dakota|atlantic|macedonia))*",
            r"south(?!\s(?:korea|carolina|dakota|africa|sudan))*",
            turns="northern/southern northeast/southwest northwest/southeast",
            loose="north/south",
        ),
        "longitude": Axis(
            r"east(?!er\b|enders)*",
            "west(?!minster)*",
            turns="eastern/western",
            loose="east/west",
        ),
        "gate": Axis(
            "open*",
            "clos* shut*",
            turns="open/close opened/closed opening/closing",
        ),
        "course": Axis(
            "begin* begun start* launch*",
            "ends ending stop* halt* finish* suspend*",
            turns="began/ended start/stop started/stopped launched/ended",
            loose="begin/end launch/end",
        ),
        "permission": Axis(
            "allow* permit* let lets",
            "bans forbid* prohibit*",
            turns="allow/ban allowed/banned",
        ),
        "membership": Axis(
            "join* enter*",
            "leave* quit* withdr*",
            turns="join/leave joined/left enter/leave entered/left",
        ),
        "troops": Axis(
            "deploy* sent send* dispatch*",
            "withdr* pull*",
        ),
        "strength": Axis(
            "strengthen* improv* deepen* warm*",
            "weaken* worsen* deteriorat* sour*",
            turns="strengthen/weaken strengthened/weakened improve/worsen improved/worsened",
        ),
        "law": Axis(
            "lawful",
            "unlawful",
            turns="legal/illegal",
        ),
        "truth": Axis(
            "confirm* admit* acknowledg*",
            "den(?:y|ied|ies)",
            turns="confirm/deny confirmed/denied admit/deny admitted/denied",
        ),
        "outcome": Axis(
            "succe(?:ss|ed)*",
            "fail*",
            turns="success/failure succeed/fail succeeded/failed successful/failed",
        ),
        "rank": Axis(
            "",
            "final",
            turns="first/last",
        ),
        "attack": Axis(
            "attack* invad* invas*",
            "defend* defen[cs]e",
            turns="attack/defend attacked/defended",
        ),
        "vertical": Axis(
            "up upward*",
            "down downward*",
            loose="up/down",
        ),
        "place": Axis(
            "indoor*",
            "outdoor*",
            turns="inside/outside",
        ),
        "holding": Axis(
            "gain* won win wins winning keep* kept",
            "loses losing",
            turns="gain/lose gained/lost",
        ),
        "sex": Axis(
            "boy* father* husband* sons brother*",
            "girl* mother* wives daughter* sister* mrs ms",
            turns=(
                "men/women man/woman male/female boy/girl boys/girls son/daughter father/mother "
                "husband/wife brother/sister he/she his/her him/her"
            ),
        ),
        "profit": Axis(
            "profit*",
            "loss*",
            turns="profit/loss profits/losses surplus/deficit",
        ),
        "hope": Axis(
            "optimis* hope* confiden*",
            "pessimis* fear* worr* concern*",
            turns="optimistic/pessimistic hope/fear",
        ),
        "speed": Axis(
            "quick* accelerat*",
            "slow* decelerat*",
            turns="faster/slower accelerate/slow",
        ),
        "level": Axis(
            "",
            "",
            loose="high/low",
        ),
        "force": Axis(
            "",
            "",
            loose="strong/weak stronger/weaker",
        ),
        "part": Axis(
            "",
            "",
            loose="majority/minority",
        ),
        "sign": Axis(
            "",
            "",
            loose="positive/negative",
        ),
        "side": Axis(
            "",
            "",
            loose="friend/enemy",
        ),
        "age": Axis(
            "",
            "",
            loose="old/young",
        ),
        "ease": Axis(
            "",
            "",
            loose="easy/difficult",
        ),
        "danger": Axis(
            "",
            "",
            loose="safe/dangerous",
        ),
        "wealth": Axis(
            "",
            "",
            loose="rich/poor",
        ),
        "value": Axis(
            "",
            "",
            loose="good/bad",
        ),
        "size": Axis(
            "",
            "",
            loose="big/small large/small",
        ),
        "length": Axis(
            "",
            "",
            loose="long/short",
        ),
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

_AGENCIES = "Reuters|AP|AFP|Xinhua|Bloomberg|UPI|dpa|DPA|Kyodo(?: News)?|CNN|TASS|Interfax|Yonhap|CNA|EFE|PTI|ANI|IANS"
_DAY = r"(?:, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)"
_DASH = "(?: ?[—–]| --?)(?: |$)"

NAMES = NameUse(
    reported_from=(
        rf"^[A-Z][\w'’.-]+(?:,? [A-Z][\w'’.-]+){{0,3}}?(?={_DAY}? ?\((?:{_AGENCIES})\))"
        rf"|^[A-Z][A-Z'’.-]+(?:[A-Z]{{3}}| [A-Z'’.-]{{2,}}){{1,3}}(?:, [A-Z][A-Za-z]+\.?)?(?=(?:{_DAY})?{_DASH})"
    ),
    titles=_words(
        "Mr Mrs Ms Dr Sir Lord Lady President Vice Prime Minister Ministry Foreign Secretary State "
        "General Deputy Ambassador Chairman Speaker Senator Governor Mayor Professor Doctor Director "
        "Republic University Institute Academy Assembly Council Committee Treaty Agreement Organization "
        "Organisation Party Parliament Government Court Supreme Centre Center Games War Department "
        "Bank Union National International United North South East West Northern Southern Eastern "
        "Western Central Federal Federation Association Agency Authority Commission Community "
        "Congress Corporation Company Conference Forum Foundation Fund Festival Society League Senate "
        "Service Station Street Square Park School Hospital Museum Theatre Theater Church Cathedral "
        "Airport Port Bridge River Lake Island Islands Mountain Valley Province Region District County "
        "City Office Bureau Board Chamber Embassy Force Forces Army Navy Police Judiciary Judicial "
        "Justice Security Defense Defence Development Disaster Health Education Finance Trade Economic "
        "Labor Agriculture Energy Global World Public Royal Imperial Regional Chief Great Grand "
        "High Old New First Second Third Green Joint Special Military Civil Social Strategic Program "
        "Programme Project Initiative Declaration Constitution Revolution Championship Championships "
        "Cup Team Club Group Network Act Bill Law Day Week Year Award Prize I've I'm I'd I'll"
    ),
    listed=r"(?:and|or|&)\s*(?:the\s)?",
    passive=r"\b(?:was|were|is|are|been|being|be|got)\s+(?:\w+ly\s)?\w+(?:ed|en|wn|ught|old|et|ut|it)\s+by\b",
    moves=r"\b(?:in|at|from|into|near|off|of|for|over)\s+(?:the\s)?$",
    says=r"\s+(?:has |had )?(?:said|says|told|adds|added|noted|warned)\b",
    sounds=(
        ("tch|sch|sh|ch|zh|th(?=$)|j|z|x", "s"), ("ph|v|w", "f"), ("ck|q|kh", "k"), ("gh", ""),
        ("c(?=[eiy])", "s"), ("g(?=[eiy])", "s"), ("[cg]", "k"), ("d", "t"), ("b", "p"),
        ("r(?![aeiouy])", ""), ("r", "l"), ("[aeiouy'’-]", ""),
    ),
)  # fmt: skip
