"""The page put together and served.

In: an open library, where to listen. Out: the running page and its address. The tabs and the panel
are Gradio's; static/*.js sends clicks on what is HTML to the functions offered here.
"""

from __future__ import annotations

import hashlib
import os
import socket
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.middleware import Middleware

from index.errors import ConfigError, InputError
from ui.access import Accounts
from ui.page.calls import Calls
from ui.page.desk import Desk
from ui.page.files import originals
from ui.page.layout import RESULTS, Parts, laid_out
from ui.page.render import static
from ui.page.tabs.ask import Ask
from ui.page.tabs.history import History
from ui.page.tabs.library import LibraryTab
from ui.page.tabs.opening import Opening
from ui.page.tabs.panel import Panel
from ui.page.tabs.results import Results
from ui.page.tabs.search import Search
from ui.page.tabs.translate import Translate
from ui.page.tabs.welcome import Welcome
from ui.server import uploads
from ui.server.guard import Guard, check_exposed, is_loopback
from ui.serving import Doors
from ui.words import BROWSER

if TYPE_CHECKING:
    from newscite import Library

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
"""What the reader's machine has: nothing is downloaded."""

AT_ONCE = 32
"""Questions that are worked on at the same time; only the LLM has a line of its own."""

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""Of every event: the page shows itself what goes on, and the HTTP API is another one."""

STYLES = ("frame", "answers", "panel", "tabs", "narrow")
"""Gradio writes its own container before the selectors inside @media: those that begin above it, at the
body, hold only as `head`, as they are."""


class App:
    """The page of one library."""

    def __init__(self, library: Library, *, local: bool = True) -> None:
        self.library = library
        self.uploads = uploads.make_folder()
        self.accounts = Accounts(library.path)
        self.calls = Calls(self._may_edit)
        self.desk = Desk(library, self.calls)
        self.panel = Panel(self.desk)
        self.ask = Ask(self.desk)
        self.results = Results(self.desk)
        self.opening = Opening(self.desk, self.panel, self.ask, self.results)
        self.table = LibraryTab(self.desk, local=local)
        history, found, read = History(self.desk), Search(self.desk), Translate(self.desk)
        self.calls.offer(
            *(self.panel.open, self.panel.download, self.panel.vote),
            *(read.translate, read.paragraph),
            *(found.search, found.export_marked, self.table.table, self.table.details),
            *(history.conversations, history.rename_conversation, history.delete_conversation),
            history.export_conversation,
        )
        welcome = Welcome(self.desk)
        self.calls.offer(self.table.correct, self.table.remove, welcome.add_examples, editing=True)

    def _may_edit(self, name: str) -> bool:
        if not name:
            return not self.accounts.users()
        user = self.accounts.user(name)
        return user is not None and user.may_edit

    def login(self, name: str, password: str) -> bool:
        """Whether somebody may come in; too many wrong tries are not heard."""
        try:
            self.accounts.login(name, password)
        except InputError:
            return False
        return True

    # -- the page itself --------------------------------------------------------------------------

    def build(self) -> gr.Blocks:
        """The page, not yet served."""

        def call(asked: dict[str, Any], request: gr.Request) -> dict[str, Any]:
            return self.calls.call(asked, request)

        translations = gr.I18n(**{tag: dict(table) for tag, table in BROWSER.items()})
        secret = hashlib.sha256(str(self.library.path.resolve()).encode()).hexdigest()
        blocks = gr.Blocks(
            title="newscite",
            analytics_enabled=False,
            fill_width=True,
            fill_height=True,
            delete_cache=(uploads.CHECK_SECONDS, uploads.KEPT_SECONDS),
        )
        with blocks:
            parts = laid_out(translations, call, secret)
            self._wire(blocks, parts)
        blocks.__dict__["newscite_words"] = translations
        return blocks

    def _wire(self, blocks: gr.Blocks, p: Parts) -> None:
        """What happens on each event of the page."""
        chosen: list[Any] = [*p.lists, p.after, p.before]
        opened: list[Any] = [p.chat, p.conversation, p.panel]
        for kind in RESULTS:
            opened += [p.results[kind].box, p.results[kind].shown]
        opened += [p.place, p.tabs]
        heads = [p.bridge, p.head, p.empty, *chosen, p.chosen]
        blocks.load(self.opening.opened, p.remembered, [*heads, *opened], **QUIET)
        runs = self._wire_asking(p, chosen)
        leaving: dict[str, Any] = {"cancels": runs, **QUIET}
        cleared = [p.chat, p.conversation, p.box, p.panel, p.place]
        p.new.click(self.opening.cleared, outputs=cleared, **leaving)
        p.bridge.opened(self.opening.reopened, outputs=opened, **leaving)
        self._wire_results(p, chosen)
        remembered = [*p.lists, p.remembered, p.chosen]
        self._wire_choices(p, chosen, remembered)
        self._wire_library(p, chosen, remembered)

    def _wire_asking(self, p: Parts, chosen: list[Any]) -> list[Any]:
        """The events that ask."""
        asking: dict[str, Any] = {
            "inputs": [p.box, p.chat, p.conversation, *chosen],
            "outputs": [p.chat, p.panel, p.box, p.conversation, p.place],
            "concurrency_limit": AT_ONCE,
            **QUIET,
        }
        typed = p.chat.example_select(_example, outputs=p.box, **QUIET)
        runs = [p.box.submit(self.ask.ask, **asking), typed.then(self.ask.ask, **asking)]
        said, shown = [p.chat, p.conversation], [p.chat, p.box]
        for run in runs:
            run.failure(self.ask.failed, said, shown, **QUIET)
        p.box.stop(self.ask.stopped, said, shown, cancels=runs, **QUIET)
        return runs

    def _wire_results(self, p: Parts, chosen: list[Any]) -> None:
        """Comparing, timelines, checking."""
        for kind, part in p.results.items():
            gr.on(
                [part.go.click, part.box.submit],
                getattr(self.results, kind),
                [part.box, *([p.by] if kind == "compare" else ()), *chosen],
                [part.shown, p.place],
                trigger_mode="once",
                concurrency_limit=AT_ONCE,
                **QUIET,
            )

    def _wire_choices(self, p: Parts, chosen: list[Any], remembered: list[Any]) -> None:
        narrowed: dict[str, Any] = {
            "fn": self.opening.narrowed, "inputs": chosen, "outputs": remembered, **QUIET
        }  # fmt: skip
        for one in p.lists:
            one.input(**narrowed)
        for date in (p.after, p.before):
            date.submit(**narrowed)
            date.blur(**narrowed)

    def _wire_library(self, p: Parts, chosen: list[Any], remembered: list[Any]) -> None:
        refreshed: dict[str, Any] = {
            "fn": self.opening.refreshed,
            "inputs": chosen,
            "outputs": [p.chat, p.head, p.empty, *remembered],
            **QUIET,
        }
        added = [p.report, p.named, p.targets]
        for event in (
            p.upload.upload(self.table.add, [p.upload, p.named], added, **QUIET),
            p.add.click(self.table.add, [p.nothing, p.named], added, **QUIET),
            p.retry.click(self.table.retry, p.targets, added, **QUIET),
        ):
            event.then(**refreshed)
        p.bridge.changed(**refreshed)


def _example(event: gr.SelectData) -> str:
    return str(event.value["text"])


def launch(
    library: Library, host: str, port: int, *, browser: bool = False
) -> tuple[gr.Blocks, str]:
    """Serves the page from a thread; returns it and its address. Port 0 takes any free one.

    Raises ConfigError where the address cannot be had or is open to others without a password,
    ModelError where the LLM cannot be had.
    """
    app = App(library, local=is_loopback(host))
    with_login = bool(app.accounts.users())
    check_exposed(host, login=with_login)
    port = _free_port(host, port)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # the only switch for some of its calls
    _ = library.llm  # if it cannot be had, that is said here rather than on the page
    os.environ["GRADIO_TEMP_DIR"] = str(app.uploads)
    blocks = app.build()
    gate = Middleware(Guard, host=host, names=library.settings.page.names)
    doors = Middleware(Doors, library=library, host=host)
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
        auth=app.login if with_login else None,
        auth_message="newscite",
        app_kwargs={"middleware": [gate, doors], "routes": [originals.route(library)]},
        max_file_size=f"{library.settings.load.max_file_mb}mb",
        theme=_theme(),
        css=_joined(STYLES, "css"),
        head=f"<style>{static('narrow.css')}</style>",
        i18n=blocks.__dict__.pop("newscite_words"),
    )
    threading.Thread(target=app.desk.warm_up, daemon=True).start()
    return blocks, url


def _theme() -> gr.themes.Base:
    theme = gr.themes.Default(
        primary_hue="blue",
        neutral_hue="slate",
        font=list(FONTS),
        font_mono=["ui-monospace", "monospace"],
    )
    return theme.set(
        button_primary_background_fill="*primary_700"
    )  # at the login; white on it is AA


def _joined(names: Sequence[str], ending: str) -> str:
    return "\n".join(static(f"{name}.{ending}") for name in names)


def serve(
    library: Library, host: str, port: int, *, browser: bool, ready: Callable[[str], None]
) -> None:
    """Serves the page until Ctrl-C; calls `ready` with its address."""
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
