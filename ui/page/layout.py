"""How the page is laid out: Gradio's components, and which of them is which.

In: the page's words, the function its script calls. Out: `Parts`, wired in `ui.page.app`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import gradio as gr

from ui.page.render import static
from ui.page.tabs import choices

SCRIPTS = ("core", "ask", "search", "library", "timeline", "keys")


RESULTS = ("compare", "timeline", "check")
"""The tabs where a question has one result, which is kept like a conversation."""


@dataclass(frozen=True)
class ResultParts:
    """The components of such a tab."""

    box: gr.Textbox
    go: gr.Button
    shown: gr.HTML


@dataclass(frozen=True)
class Parts:
    """The components that something happens to."""

    TABS: ClassVar[tuple[str, ...]] = ("ask", "search", *RESULTS, "library")

    bridge: gr.HTML
    place: gr.HTML
    chosen: gr.HTML
    head: gr.HTML
    empty: gr.HTML
    lists: list[gr.Dropdown]
    after: gr.Textbox
    before: gr.Textbox
    remembered: gr.BrowserState
    tabs: gr.Tabs
    chat: gr.Chatbot
    box: gr.Textbox
    new: gr.Button
    conversation: gr.State
    by: gr.Dropdown
    results: dict[str, ResultParts]
    upload: gr.UploadButton
    named: gr.Textbox
    add: gr.Button
    retry: gr.Button
    targets: gr.State
    nothing: gr.State
    report: gr.HTML
    panel: gr.HTML


Say = Callable[[str], Any]


def laid_out(say: Say, call: Callable[..., dict[str, Any]], secret: str) -> Parts:
    """The page's components, inside the caller's `gr.Blocks`."""
    made: dict[str, Any] = {}
    script = "\n".join(static(f"{name}.js") for name in SCRIPTS)
    made["bridge"] = gr.HTML(
        elem_id="nc-bridge", js_on_load=script, server_functions=[call], padding=False
    )
    made["place"] = gr.HTML(elem_id="nc-place", padding=False)
    made["chosen"] = gr.HTML(elem_id="nc-chosen", padding=False)
    made["remembered"] = gr.BrowserState({}, storage_key="newscite-choices", secret=secret[:32])
    made["conversation"] = gr.State("")
    made["targets"] = gr.State([])
    made["nothing"] = gr.State([])
    made["head"] = gr.HTML(elem_id="nc-head", padding=False)
    made |= _choices(say)
    made["empty"] = gr.HTML(elem_id="nc-empty", padding=False)
    with gr.Row(elem_id="nc-main", equal_height=False):
        with (
            gr.Column(scale=3, min_width=320, elem_id="nc-left"),
            gr.Tabs(selected="ask", elem_id="nc-tabs") as tabs,
        ):
            made["tabs"] = tabs
            with gr.Tab(say("tab_ask"), id="ask", elem_id="nc-tab-ask", render_children=True):
                made |= _ask(say)
            with gr.Tab(
                say("tab_search"), id="search", elem_id="nc-tab-search", render_children=True
            ):
                gr.HTML(static("search.html"), elem_id="nc-search", padding=False)
            made["results"] = {}
            for kind in RESULTS:
                with gr.Tab(
                    say(f"tab_{kind}"), id=kind, elem_id=f"nc-tab-{kind}", render_children=True
                ):
                    made["results"][kind], others = _result(kind, say)
                    made |= others
            with gr.Tab(
                say("tab_library"), id="library", elem_id="nc-tab-library", render_children=True
            ):
                made |= _library(say)
        with gr.Column(scale=2, min_width=320, elem_id="nc-right"):
            made["panel"] = gr.HTML(elem_id="nc-panel", padding=False)
    return Parts(**made)


def _choices(say: Say) -> dict[str, Any]:
    with gr.Accordion(say("choices"), open=False, elem_id="nc-choices"), gr.Row():
        lists = [
            gr.Dropdown([], multiselect=True, label=say(name), elem_id=f"nc-{name}", min_width=140)
            for name in choices.LISTS
        ]
        after, before = (
            gr.Textbox(
                label=say(key),
                placeholder="2023-03-01",
                max_lines=1,
                min_width=110,
                elem_id=f"nc-{key}",
            )
            for key in ("from", "to")
        )
    return {"lists": lists, "after": after, "before": before}


def _ask(say: Say) -> dict[str, Any]:
    with gr.Row(elem_id="nc-asking", equal_height=False):
        with gr.Column(scale=1, min_width=200, elem_id="nc-history"):
            new = gr.Button(say("new"), size="sm", elem_id="nc-new")
            gr.HTML(static("history.html"), elem_id="nc-list", padding=False)
        with gr.Column(scale=4, min_width=300, elem_id="nc-talk"):
            chat = gr.Chatbot(
                show_label=False,
                elem_id="nc-chat",
                height="100%",
                layout="panel",
                buttons=[],
                feedback_options=None,
                latex_delimiters=[],
                allow_tags=False,
                autoscroll=False,  # a new question is scrolled to once; then nothing moves
            )
            box = gr.Textbox(
                placeholder=say("placeholder"),
                show_label=False,
                label=say("question"),
                elem_id="nc-box",
                lines=1,
                max_lines=8,
                submit_btn=True,
                autofocus=True,
            )
    return {"chat": chat, "box": box, "new": new}


def _result(kind: str, say: Say) -> tuple[ResultParts, dict[str, Any]]:
    with gr.Row(elem_classes="nc-askrow"):
        box = gr.Textbox(
            placeholder=say(f"{kind}_what"),
            label=say(f"{kind}_what"),
            show_label=False,
            elem_id=f"nc-{kind}-box",
            lines=3 if kind == "check" else 1,
            max_lines=12 if kind == "check" else 4,
            scale=4,
        )
        others = {"by": _by(say)} if kind == "compare" else {}
        go = gr.Button(say(kind), elem_id=f"nc-{kind}", scale=0, min_width=110)
    shown = gr.HTML(elem_id=f"nc-{kind}-result", padding=False)
    gr.HTML(
        f'<div class="nc-room" data-kind="{kind}"></div>', elem_classes="nc-earlier", padding=False
    )
    return ResultParts(box, go, shown), others


def _by(say: Say) -> gr.Dropdown:
    return gr.Dropdown(
        [
            (say(f"by_{name}"), name)
            for name in ("outlet", "country", "language", "period", "author")
        ],
        value="outlet",
        label=say("compare_by"),
        show_label=False,
        elem_id="nc-by",
        scale=1,
        min_width=130,
        filterable=False,
    )


def _library(say: Say) -> dict[str, Any]:
    with gr.Accordion(say("add"), open=False, elem_id="nc-add"):
        with gr.Row(elem_classes="nc-askrow"):
            upload = gr.UploadButton(
                say("upload"), file_count="multiple", elem_id="nc-upload", scale=0, min_width=140
            )
            named = gr.Textbox(
                placeholder=say("named"),
                label=say("named"),
                show_label=False,
                elem_id="nc-named",
                lines=1,
                max_lines=6,
                scale=4,
            )
            add = gr.Button(say("add_named"), elem_id="nc-add-go", scale=0, min_width=110)
        retry = gr.Button(say("retry"), elem_id="nc-retry", visible="hidden")
        report = gr.HTML(elem_id="nc-report", padding=False)
    gr.HTML(static("library.html"), elem_id="nc-library", padding=False)
    return {"upload": upload, "named": named, "add": add, "retry": retry, "report": report}
