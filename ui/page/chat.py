"""The chat page: conversation on the left, evidence and articles on the right.

In: an open library. Out: a Gradio page on loopback that loads nothing from anywhere else. The
HTML comes from ui/page/render.py, the look from static/page.css; static/page.js sends clicks on
citations and downloads to the two functions the panel exposes.
"""

from __future__ import annotations

import base64
import logging
import os
import re
import secrets
import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.middleware import Middleware

from index.errors import ConfigError, NewsciteError
from index.languages.text import detect
from rag.analysis.comparison import Comparison
from rag.answer.answer import Answer
from rag.answer.ask import Draft, Evidence, Final, Reading
from rag.export.documents import Result
from rag.export.markdown import to_markdown
from rag.llm.llama_cpp import LlamaCpp
from rag.llm.streaming import name_of
from rag.results.hits import Hits
from ui.page import render
from ui.server import uploads
from ui.server.guard import Guard, check_exposed
from ui.serving import Doors
from ui.words import BROWSER, WORDS, words

if TYPE_CHECKING:
    from newscite import Library

TURNS_KEPT = 200
"""Answers whose citations can still be opened; older ones have to be asked again."""

STOP_SECONDS = 2.0
"""How long the stop button waits for the LLM's last token before the page says it stopped."""

DRAFT_SECONDS = 0.08
"""The draft is sent to the page no more often than this, however fast the LLM writes."""

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
"""What the reader's machine has: nothing is downloaded."""

REFERENCE = re.compile(r"#?(?P<kind>[cehx])-(?P<turn>[0-9a-f]+)(?:-(?P<what>[\w.]+))?")

Messages = list[dict[str, Any]]

logger = logging.getLogger(__name__)


@dataclass
class Turn:
    """One question and what has come of it so far."""

    question: str
    language: str
    hits: Hits | None = None
    draft: str = ""
    answer: Result | None = None
    stopped: bool = False
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when nothing more of it will be shown."""


class Turns:
    """The latest turns of all conversations, by an id nobody can guess."""

    def __init__(self) -> None:
        self._turns: OrderedDict[str, Turn] = OrderedDict()

    def begin(self, question: str) -> tuple[str, Turn]:
        turn = Turn(question, detect(question))
        name = secrets.token_hex(8)
        self._turns[name] = turn
        while len(self._turns) > TURNS_KEPT:
            self._turns.popitem(last=False)
        return name, turn

    def get(self, name: str) -> Turn | None:
        return self._turns.get(name)

    def history(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """The answered (question, answer) pairs of a conversation."""
        turns = [turn for name in names if (turn := self.get(name))]
        return [
            (turn.question, turn.answer.text if isinstance(turn.answer, Answer) else "")
            for turn in turns
            if turn.answer
        ]


class Page:
    """What the page's buttons do. Knows the library and the turns; HTML comes from `render`."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.turns = Turns()
        self.searchable = threading.Event()
        self.uploads = uploads.make_folder()
        self.translations = gr.I18n(**{tag: dict(table) for tag, table in BROWSER.items()})

    def warm_up(self) -> None:
        """Loads the models while the reader is still typing; a failure is told when they ask."""
        try:
            if self.library.status().articles:
                self.library.search("newscite", 1)
            self.searchable.set()
            if isinstance(self.library.llm, LlamaCpp):
                self.library.llm.warm_up()
        except NewsciteError as error:
            logger.info("warming up failed: %s", error)
        finally:
            self.searchable.set()

    # -- asking -------------------------------------------------------------------------------

    def ask(
        self, question: str, chat: Messages, asked: list[str], *filters: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Yields (chat, panel, box, asked): evidence first, then the draft, then the answer."""
        history = self.turns.history(asked)

        def told(name: str, turn: Turn) -> Generator[tuple[str, Any], None, None]:
            stream = self.library.ask_stream(turn.question, history=history, **_filters(*filters))
            with closing(stream):  # leaving early, as the stop button does, stops the LLM
                yield from self._shown(name, turn, stream)

        yield from self._turn(question, chat, asked, told)

    def compare(
        self, question: str, chat: Messages, asked: list[str], *filters: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Yields as `ask` does: how many outlets have been asked, then the comparison."""

        def told(name: str, turn: Turn) -> Generator[tuple[str, Any], None, None]:
            with closing(
                self.library.compare_stream(turn.question, **_filters(*filters))
            ) as stream:
                for event in stream:
                    if isinstance(event, Comparison):
                        turn.answer = event
                        yield render.comparison(event, name), gr.skip()
                    else:
                        state = f"{event.done + 1}/{event.total}"
                        yield render.waiting(turn.language, "comparing", state), gr.skip()

        yield from self._turn(question, chat, asked, told)

    def timeline(
        self, topic: str, chat: Messages, asked: list[str], *filters: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Yields as `ask` does: the timeline."""

        def told(name: str, turn: Turn) -> Generator[tuple[str, Any], None, None]:
            turn.answer = self.library.timeline(turn.question, **_filters(*filters))
            yield render.timeline(turn.answer, name), gr.skip()

        yield from self._turn(topic, chat, asked, told)

    def _turn(
        self,
        question: str,
        chat: Messages,
        asked: list[str],
        told: Callable[[str, Turn], Generator[tuple[str, Any], None, None]],
    ) -> Iterator[tuple[Any, ...]]:
        """A turn of the conversation, from the question to what `told` shows last."""
        question = question.strip()
        if not question:
            yield (gr.skip(),) * 4
            return
        name, turn = self.turns.begin(question)
        chat = [
            *chat,
            _message("user", render.question(question)),
            _message("assistant", render.waiting(turn.language, "searching")),
        ]
        yield chat, gr.skip(), _box_while_asking(), [*asked, name]
        self.searchable.wait()
        try:
            with closing(told(name, turn)) as shows:
                for shown, panel in shows:
                    if turn.stopped:
                        return
                    chat[-1] = _message("assistant", shown)
                    yield chat, panel, gr.skip(), gr.skip()
        except GeneratorExit:
            turn.stopped = True
            raise
        except NewsciteError as error:
            chat[-1] = _message("assistant", render.failure(str(error), turn.language))
            yield chat, gr.skip(), _box(question), asked
            return
        finally:
            turn.ended.set()
        yield gr.skip(), gr.skip(), _box(), gr.skip()

    def _shown(self, name: str, turn: Turn, stream: Iterator[Any]) -> Iterator[tuple[str, Any]]:
        """The message and the panel after each event worth showing."""
        last = 0.0
        for event in stream:
            if isinstance(event, Evidence):
                turn.hits = event.hits
                panel = render.evidence(event.hits, name, turn.language)
                yield render.waiting(turn.language, "reading"), panel
            elif isinstance(event, Reading):
                share = f"{event.number}/{event.of}"
                yield render.waiting(turn.language, "reading", share), gr.skip()
            elif isinstance(event, Draft):
                turn.draft += event.text
                if time.monotonic() - last > DRAFT_SECONDS:
                    last = time.monotonic()
                    yield render.draft(turn.draft, turn.language), gr.skip()
            elif isinstance(event, Final):
                turn.answer = event.answer
                yield render.answer(event.answer, name), gr.skip()

    def stopped(self, chat: Messages, asked: list[str]) -> tuple[Any, ...]:
        """(chat, box) after the stop button: what was written stays, marked as stopped."""
        turn = self.turns.get(asked[-1]) if asked else None
        if turn is not None and turn.answer is None:
            turn.stopped = True
            turn.ended.wait(STOP_SECONDS)  # else a last piece of the draft may come after this
            halted = render.draft(turn.draft, turn.language, stopped=True)
            chat = [*chat[:-1], _message("assistant", halted)]
        return chat, _box()

    def failed(self, chat: Messages, asked: list[str]) -> tuple[Any, ...]:
        """(chat, box) after a failure that is not one of ours: the question stays in the box."""
        turn = self.turns.get(asked[-1]) if asked else None
        if turn is None or turn.answer is not None or turn.stopped:
            return gr.skip(), gr.skip()
        said = render.failure(words(turn.language)["unexpected"], turn.language)
        return [*chat[:-1], _message("assistant", said)], _box(turn.question)

    # -- links --------------------------------------------------------------------------------

    def open_reference(self, reference: str) -> str:
        """The panel for a link of the page: a citation's article, a hit's, or the evidence."""
        match = REFERENCE.fullmatch(str(reference))
        turn = self.turns.get(match["turn"]) if match else None
        if match is None or turn is None:
            return render.gone("en")
        number = int(match["what"]) if (match["what"] or "").isdigit() else 0
        if match["kind"] == "c" and turn.answer:
            if number in {citation.n for citation in turn.answer.citations}:
                return render.cited_article(turn.answer, number, match["turn"])
        elif match["kind"] == "h" and turn.hits:
            for hit in turn.hits:
                if hit.rank == number:
                    return render.found_article(hit, match["turn"], turn.language)
        elif match["kind"] == "e":
            if turn.hits is not None:
                return render.evidence(turn.hits, match["turn"], turn.language)
            return render.hint(turn.language)
        return render.gone(turn.language)

    def make_download(self, reference: str) -> dict[str, str]:
        """A file for a download link: its name and content (base64); or text to copy."""
        match = REFERENCE.fullmatch(str(reference))
        turn = self.turns.get(match["turn"]) if match else None
        if match is None or turn is None or turn.answer is None:
            return {"gone": words(turn.language if turn else "en")["gone"]}
        if match["what"] == "copy":
            return {"copy": to_markdown(turn.answer), "said": words(turn.language)["copied"]}
        ending = f".{match['what']}"
        if ending not in render.WRITERS:
            return {"gone": words(turn.language)["gone"]}
        content = render.WRITERS[ending](turn.answer)
        name = re.sub(r"[^\w-]+", "-", turn.question).strip("-")[:60] or "answer"
        return {"name": name + ending, "content": base64.b64encode(content).decode()}

    # -- the library --------------------------------------------------------------------------

    def greet(self, request: gr.Request) -> tuple[Any, ...]:
        """(chat, panel, head, outlets, languages) when the page is opened."""
        language = _browser_language(request)
        welcome = gr.update(placeholder=render.welcome(language))
        return (welcome, render.hint(language), *self._facts(language))

    def _facts(self, language: str) -> tuple[Any, ...]:
        say = words(language)
        state = self.library.status()
        dates = sorted({state.earliest[:10], state.latest[:10]} - {""})
        facts = [
            f"{state.articles} {say['articles']}",
            " – ".join(dates),
            state.embedder,
            say["extractive"] if self.library.llm is None else name_of(self.library.llm),
        ]
        empty = "" if state.articles else say["empty"]
        outlets = sorted(outlet for outlet in state.outlets if outlet)
        return (
            render.header(facts, empty),
            gr.update(choices=outlets),
            gr.update(choices=[(render.language_name(tag), tag) for tag in state.languages]),
        )

    def add(self, paths: list[str] | None, request: gr.Request) -> tuple[Any, ...]:
        """Adds uploaded files; (report, head, outlets, languages)."""
        language = _browser_language(request)
        bar = gr.Progress()
        bar(0, desc=words(language)["adding"])
        try:
            report = self.library.add(paths or [], progress=lambda state: bar(state.share or 0.0))
        except NewsciteError as error:
            return (render.failure(str(error), language), gr.skip(), gr.skip(), gr.skip())
        finally:
            uploads.discard(paths or [], self.uploads)
        return (render.added(report, language), *self._facts(language))

    # -- the page itself ----------------------------------------------------------------------

    def build(self) -> gr.Blocks:
        """The page, not yet served."""

        def open_reference(reference: str) -> str:
            return self.open_reference(reference)

        def make_download(reference: str) -> dict[str, str]:
            return self.make_download(reference)

        say: Callable[[str], Any] = self.translations
        settings = self.library.settings
        blocks = gr.Blocks(
            title="newscite",
            analytics_enabled=False,
            fill_width=True,
            fill_height=True,
            delete_cache=(uploads.CHECK_SECONDS, uploads.KEPT_SECONDS),
        )
        with blocks:
            head = gr.HTML(elem_id="nc-head", padding=False)
            asked = gr.State([])
            with gr.Row(elem_id="nc-main", equal_height=False):
                with gr.Column(scale=3, min_width=320, elem_id="nc-left"):
                    chat = gr.Chatbot(
                        show_label=False,
                        elem_id="nc-chat",
                        height="100%",
                        layout="panel",
                        buttons=[],
                        feedback_options=None,
                        latex_delimiters=[],
                        allow_tags=False,
                        autoscroll=True,
                        examples=[{"text": example} for example in settings.page.examples],
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
                    with gr.Row(elem_id="nc-tools", equal_height=False):
                        with gr.Accordion(say("filters"), open=False, elem_id="nc-filters"):
                            with gr.Row():
                                outlets = gr.Dropdown([], multiselect=True, label=say("outlets"))
                                languages = gr.Dropdown(
                                    [], multiselect=True, label=say("languages")
                                )
                            with gr.Row():
                                after, before = (
                                    gr.Textbox(
                                        label=say(key), placeholder="2023-03-01", max_lines=1
                                    )
                                    for key in ("from", "to")
                                )
                        with gr.Accordion(say("add"), open=False, elem_id="nc-add"):
                            upload = gr.UploadButton(
                                say("upload"), file_count="multiple", size="sm"
                            )
                            report = gr.HTML(elem_id="nc-report")
                        compare = gr.Button(
                            say("compare"), size="sm", elem_id="nc-compare", scale=0
                        )
                        events = gr.Button(say("timeline"), size="sm", elem_id="nc-events", scale=0)
                        new = gr.Button(say("new"), size="sm", elem_id="nc-new", scale=0)
                with gr.Column(scale=2, min_width=320, elem_id="nc-right"):
                    panel = gr.HTML(
                        elem_id="nc-panel",
                        js_on_load=render.static("page.js"),
                        server_functions=[open_reference, make_download],
                    )
            facts = [head, outlets, languages]
            filters = [outlets, languages, after, before]
            quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
            asking: dict[str, Any] = {
                "inputs": [box, chat, asked, *filters],
                "outputs": [chat, panel, box, asked],
                "concurrency_limit": 1,
                "concurrency_id": "llm",
                **quiet,
            }
            runs = [
                box.submit(self.ask, **asking),
                chat.example_select(_example, outputs=box, **quiet).then(self.ask, **asking),
                compare.click(self.compare, **asking),
                events.click(self.timeline, **asking),
            ]
            for run in runs:
                run.failure(self.failed, [chat, asked], [chat, box], **quiet)
            box.stop(self.stopped, [chat, asked], [chat, box], cancels=runs, **quiet)
            new.click(_clear, outputs=[chat, asked, box], cancels=runs, **quiet).then(
                self.greet, outputs=[chat, panel, *facts], **quiet
            )
            upload.upload(self.add, upload, [report, *facts], api_visibility="private")
            blocks.load(self.greet, outputs=[chat, panel, *facts], **quiet)
        return blocks


def _filters(
    outlets: list[str] | None, languages: list[str] | None, after: str | None, before: str | None
) -> dict[str, Any]:
    """The filters as the library takes them; None until the reader has unfolded them."""
    return {
        "outlets": outlets or [],
        "languages": languages or [],
        "published_after": (after or "").strip(),
        "published_before": (before or "").strip(),
    }


def _message(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": content}


def _box(question: str = "") -> Any:
    """The question box ready for a question."""
    return gr.update(value=question, submit_btn=True, stop_btn=False)


def _box_while_asking() -> Any:
    """The question box, emptied, with the stop button in it."""
    return gr.update(value="", submit_btn=False, stop_btn=True)


def _example(event: gr.SelectData) -> str:
    return str(event.value["text"])


def _clear() -> tuple[Any, ...]:
    return [], [], _box()


def _browser_language(request: gr.Request) -> str:
    """The first of the browser's languages the page has words for, as "en", "zh-Hant", ..."""
    for choice in request.headers.get("accept-language", "").split(","):
        tag = choice.split(";")[0].strip()
        said = BROWSER.get(tag) or BROWSER.get(tag.split("-")[0])
        if said:
            return next(language for language, table in WORDS.items() if table is said)
    return "en"


def launch(
    library: Library, host: str, port: int, *, browser: bool = False
) -> tuple[gr.Blocks, str]:
    """Serves the page from a thread; returns it and its address. Port 0 takes any free one.

    Raises ConfigError where the address cannot be had, ModelError where the LLM cannot.
    """
    check_exposed(host, login=False)
    port = _free_port(host, port)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # the only switch for some of its calls
    _ = library.llm  # if it cannot be had, that is said here rather than on the page
    page = Page(library)
    os.environ["GRADIO_TEMP_DIR"] = str(page.uploads)
    blocks = page.build()
    gate = Middleware(Guard, host=host, names=library.settings.page.names)
    _, url, _ = blocks.launch(
        server_name=host,
        server_port=port,
        inbrowser=browser,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        app_kwargs={"middleware": [gate, Middleware(Doors, library=library, host=host)]},
        max_file_size=f"{library.settings.load.max_file_mb}mb",
        theme=gr.themes.Default(
            primary_hue="blue",
            neutral_hue="slate",
            font=list(FONTS),
            font_mono=["ui-monospace", "monospace"],
        ),
        css=render.static("page.css"),
        i18n=page.translations,
    )
    threading.Thread(target=page.warm_up, daemon=True).start()
    return blocks, url


def serve(
    library: Library, host: str, port: int, *, browser: bool, ready: Callable[[str], None]
) -> None:
    """Serves the page until Ctrl-C; tells `ready` its address."""
    blocks, url = launch(library, host, port, browser=browser)
    ready(url)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        blocks.close(verbose=False)


def _free_port(host: str, port: int) -> int:
    """The port, or any free one for 0, after making sure that it can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigError(
                f"Cannot listen on {host}:{port}: {error.strerror}. Try: newscite serve --port 0"
            ) from error
        return int(probe.getsockname()[1])
