"""How names stand in Chinese beside their originals, and countries are shortened."""

from __future__ import annotations

from index.languages.word_parts import NameForms

FORMS = NameForms(
    alike="又?[稱称]|以?下?[簡简][稱称]|即|原名|[俄英][語语文]名?",
    boundaries=(
        "總統|总统|總理|总理|首相|主席|部[長长]|外[長长]|大使|[議议][員员]|[專专]家|[學学]者|教授|研究[員员]|"
        "分析[師师]|主任|[記记]者|作者|[發发]言人|[負负][責责]人|[領领][導导]人|[創创]始人|秘[書书][長长]|"
        "司令|[將将][軍军]|先生|女士|博士|官[員员]|前|的|是|和(?!平|田)|[與与及在由向被把名位了據据等叫某]|"
        "對|对(?!外)|[為为](?!首)"
    ),
    no_name="[資资]料[圖图]|[圖图]片|[圖图]中|左|右|來源|来源|攝|摄",
    behind="国方军媒",
    before="驻赴访对",
    partners="中俄美欧",
    partners_first=frozenset("俄美哈韩朝乌吉塔蒙"),
    unsafe_before=frozenset("中日法以加印越墨黎"),
    cut_out=(
        "(?<=[参參增更追附施添外])加[国國方军軍媒]"
        "|以(?:[国國](?=[家内內际際])|方(?=[便式法案向])|[军軍](?=[事力人]))"
        "|[對对訪访駐驻涉][華华](?=[為为盛尔爾沙中南東东北西夏麗丽人僑侨裔語语文商夫萊莱特納纳])"
    ),
)
"""俄方, 驻俄, 中俄; but 日中, 法中, 德中 are mostly other words, and so are 对中(亚), 对法(律), 对以(后),
(增)加国(防), 以军(事手段) and 对华(盛顿)."""
