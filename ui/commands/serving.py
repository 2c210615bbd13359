"""Commands that serve others: the page with the HTTP API and MCP, or MCP over standard input."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.command import DONE, Run, command


@command
def serve(
    run: Run,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; others reach it by 0.0.0.0.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 for any free one.")] = None,
    browser: Annotated[
        bool, typer.Option("--browser", help="Open the page in the browser.")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page/--no-page", help="Without it, the HTTP API and MCP alone.")
    ] = True,
) -> int:
    """Open the page, and beside it the HTTP API and MCP."""

    def ready(url: str) -> None:
        run.show({"url": url}, lambda: f"newscite is at {url} (Ctrl-C ends it)")

    with run.open(create=True) as library:
        settings = library.settings.page
        host = settings.host if host is None else host
        port = settings.port if port is None else port
        if page:
            from ui.page.app import serve as serve_page

            serve_page(library, host, port, browser=browser, ready=ready)
        else:
            from ui.serving import serve as serve_alone

            serve_alone(library, host, port, ready)
    return DONE


@command
def mcp(
    run: Run,
    allow_changes: Annotated[
        bool, typer.Option("--allow-changes", help="Let the assistant add and remove articles.")
    ] = False,
) -> int:
    """Serve an assistant by the Model Context Protocol, over standard input and output."""
    from ui.mcp.server import make_server

    with run.open(write=allow_changes) as library:
        make_server(library, allow_changes=allow_changes).run("stdio")
    return DONE
