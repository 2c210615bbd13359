"""Commands that say who may use the library over the network: user and token."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from index.errors import InputError
from ui.access import Accounts, Role
from ui.command import DONE, Run, group, subcommand

users = group("user", "Who may log in to the page, and have tokens for the HTTP API and MCP.")
tokens = group("token", "Tokens for programs that use the HTTP API or MCP.")


@subcommand(users, "add")
def add_user(
    run: Run,
    name: Annotated[str, typer.Argument(help="The user's name.")],
    role: Annotated[
        Role, typer.Option(help="A reader asks and reads; an editor also changes the library.")
    ] = Role.READER,
    replace: Annotated[
        bool, typer.Option("--replace", help="Give a user that exists another password and role.")
    ] = False,
) -> int:
    """Add a user; the password is asked for, or read from standard input."""
    user = _accounts(run).add_user(name, _password(name), role, replace=replace)
    said = f"{user.name} is {'an' if user.may_edit else 'a'} {user.role}."
    run.show(user.to_dict(), lambda: said)
    return DONE


@subcommand(users, "remove")
def remove_user(run: Run, name: Annotated[str, typer.Argument(help="The user's name.")]) -> int:
    """Remove a user and all their tokens."""
    _accounts(run).remove_user(name)
    run.show({"removed": name}, lambda: f"{name} is removed, with all tokens.")
    return DONE


@subcommand(users, "list")
def list_users(run: Run) -> int:
    """List the users and their roles."""
    from ui import terminal

    found = [user.to_dict() for user in _accounts(run).users()]
    run.show(
        {"users": found},
        lambda: terminal.rows(found) if found else "No users yet.",
        rows=lambda: found,
    )
    return DONE


@subcommand(tokens, "create")
def create_token(
    run: Run,
    user: Annotated[str, typer.Argument(help="Whose token it is.")],
    label: Annotated[str, typer.Option(help="What it is for, to know it by.")] = "",
    role: Annotated[Role | None, typer.Option(help="A lesser role than the user's own.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="It ends after so many.")] = None,
) -> int:
    """Create a token and print it, this once."""
    token, secret = _accounts(run).create_token(user, label, role, days)
    run.show({**token.to_dict(), "token": secret}, lambda: secret)
    if run.live:
        print(f"It is shown this once. Its id is {token.id}.", file=sys.stderr)
    return DONE


@subcommand(tokens, "withdraw")
def withdraw_token(
    run: Run, token_id: Annotated[str, typer.Argument(metavar="ID", help="The token's id.")]
) -> int:
    """Make a token void, at once."""
    _accounts(run).withdraw_token(token_id)
    run.show({"withdrawn": token_id}, lambda: f"{token_id} is withdrawn.")
    return DONE


@subcommand(tokens, "list")
def list_tokens(run: Run) -> int:
    """List the tokens: ids, whose they are, when they end."""
    from ui import terminal

    found = [token.to_dict() for token in _accounts(run).tokens()]
    run.show(
        {"tokens": found},
        lambda: terminal.rows(found) if found else "No tokens yet.",
        rows=lambda: found,
    )
    return DONE


def _accounts(run: Run) -> Accounts:
    return Accounts(run.folder())


def _password(name: str) -> str:
    """Asked for twice on a terminal; a line of standard input otherwise."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    password = getpass(f"Password for {name}: ")
    if getpass("Once more: ") != password:
        raise InputError("The two passwords differ. Nothing was changed: try again.")
    return password
