"""Users, passwords, roles and tokens; how often something may be tried."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import InputError, LibraryError
from ui.access import Accounts, LoginError, Rate, Role, passwords
from ui.access.accounts import TRIES_BY_ADDRESS

PASSWORD = "correct horse 電池"  # noqa: S105


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", 2**4)


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path / "library")


def test_asking_makes_no_file(accounts: Accounts) -> None:
    assert (accounts.users(), accounts.tokens(), accounts.user_of("x")) == ([], [], None)
    assert not accounts.path.parent.exists()


def test_login_wants_the_name_and_its_password(accounts: Accounts) -> None:
    accounts.add_user("ann", PASSWORD, "editor")
    accounts.add_user("bob", "another one")
    assert accounts.login("ann", PASSWORD).may_edit
    assert not accounts.login("bob", "another one").may_edit
    for name, password in (("ann", "another one"), ("ann", ""), ("eve", PASSWORD)):
        with pytest.raises(LoginError, match=r"name or the password is wrong"):
            accounts.login(name, password)


def test_passwords_and_tokens_are_not_in_the_file_and_it_is_private(accounts: Accounts) -> None:
    accounts.add_user("ann", PASSWORD)
    _, secret = accounts.create_token("ann")
    content = accounts.path.read_bytes()
    assert PASSWORD.encode() not in content and secret.encode() not in content
    assert stat.S_IMODE(accounts.path.stat().st_mode) == 0o600


def test_guessing_has_to_wait_and_others_do_not(accounts: Accounts) -> None:
    accounts.add_user("ann", PASSWORD)
    for n in range(TRIES_BY_ADDRESS):
        with pytest.raises(LoginError, match="wrong"):
            accounts.login(f"name{n}", "guess", "10.0.0.1")
    with pytest.raises(LoginError, match="Too many") as refused:
        accounts.login("ann", PASSWORD, "10.0.0.1")
    assert refused.value.wait > 0
    assert accounts.login("ann", PASSWORD, "10.0.0.2").name == "ann"


def test_a_login_gives_the_tries_back(accounts: Accounts) -> None:
    accounts.add_user("ann", PASSWORD)
    for _ in range(3):
        for _ in range(TRIES_BY_ADDRESS - 1):
            with pytest.raises(LoginError, match="wrong"):
                accounts.login("ann", "guess", "10.0.0.1")
        accounts.login("ann", PASSWORD, "10.0.0.1")


def test_a_token_is_its_users_until_it_is_withdrawn_or_ends(accounts: Accounts) -> None:
    accounts.add_user("ann", PASSWORD, Role.EDITOR)
    token, secret = accounts.create_token("ann", "notebook")
    lesser, reading = accounts.create_token("ann", role="reader")
    _, ended = accounts.create_token("ann", days=0)
    found = accounts.user_of(secret)
    assert found is not None and (found.name, found.role) == ("ann", Role.EDITOR)
    assert accounts.user_of(reading) is not None and not accounts.user_of(reading).may_edit  # type: ignore[union-attr]
    assert accounts.user_of(ended) is None and accounts.user_of(secret + "x") is None
    assert {one.id for one in accounts.tokens()} >= {token.id, lesser.id}
    accounts.withdraw_token(token.id)
    assert accounts.user_of(secret) is None and accounts.user_of(reading) is not None


def test_a_removed_users_tokens_are_void_and_a_lesser_role_counts_at_once(
    accounts: Accounts,
) -> None:
    accounts.add_user("ann", PASSWORD, Role.EDITOR)
    _, secret = accounts.create_token("ann")
    accounts.add_user("ann", PASSWORD, Role.READER, replace=True)
    assert accounts.user_of(secret) is not None and not accounts.user_of(secret).may_edit  # type: ignore[union-attr]
    accounts.remove_user("ann")
    assert accounts.user_of(secret) is None and not accounts.tokens()


@pytest.mark.parametrize(
    ("wrong", "cure"),
    [
        (lambda a: a.add_user("an n", PASSWORD), "use up to 64 letters"),
        (lambda a: a.add_user("eve", "short"), "8 to 1024"),
        (lambda a: a.add_user("eve", PASSWORD, "owner"), "reader or editor"),
        (lambda a: a.add_user("ann", PASSWORD), "--replace"),
        (lambda a: a.remove_user("eve"), "newscite user list"),
        (lambda a: a.create_token("eve"), "newscite user add eve"),
        (lambda a: a.create_token("ann", role="editor"), "cannot be an editor"),
        (lambda a: a.withdraw_token("x"), "newscite token list"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    accounts: Accounts, wrong: Callable[[Accounts], object], cure: str
) -> None:
    accounts.add_user("ann", PASSWORD)
    with pytest.raises(InputError, match=cure):
        wrong(accounts)


def test_a_damaged_file_lets_nobody_in(accounts: Accounts) -> None:
    accounts.path.parent.mkdir()
    accounts.path.write_bytes(b"not a database" * 100)
    for asked in (accounts.users, lambda: accounts.login("ann", PASSWORD)):
        with pytest.raises(LibraryError, match="newscite user add"):
            asked()


def test_a_rate_fills_again_and_remembers_a_limited_number_of_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    rate = Rate(2, 10, clock=lambda: now)
    assert [rate.take("a") for _ in range(3)] == [0, 0, 5]
    assert rate.take("b") == 0
    now = 5.0
    assert [rate.take("a"), rate.take("a")] == [0, 5]
    monkeypatch.setattr("ui.access.rate.KEYS_KEPT", 2)
    assert [rate.take("c"), rate.take("d")] == [0, 0]
    assert rate.take("a") == 0  # forgotten, as the one that had been silent longest
