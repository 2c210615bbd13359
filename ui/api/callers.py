"""Who calls the API, what they may do, and how often.

In: a request with `Authorization: Bearer TOKEN`. Out: its `User`, or a refusal that names the
cure. Where no users were added and the server listens on this machine alone, everybody who reaches
it is its owner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ui.access import Accounts, Rate, Role, User
from ui.api.problems import RefusedError, retry_after

if TYPE_CHECKING:
    from index.config import ApiSettings

OWNER = User("", Role.EDITOR)
"""Whoever reaches a server that has no users and listens on loopback."""

NO_LOGIN = (
    "This library has users: send a token, as in 'Authorization: Bearer newscite_...'. Make one "
    "with: newscite token create USER"
)
VOID = (
    "This token is unknown, withdrawn or has ended. Make another with: newscite token create USER"
)

bearer = HTTPBearer(auto_error=False, description="A token made with: newscite token create USER")


MINUTE = 60.0
VOID_PER_MINUTE = 20
"""Void tokens that one address may send before it has to wait."""


class Gate:
    """Lets callers in: by their token, as often as the settings allow."""

    def __init__(self, accounts: Accounts, settings: ApiSettings, *, login: bool = False) -> None:
        """With `login` a token is wanted even where no users were added yet."""
        self._accounts = accounts
        self._login = login
        self._requests = Rate(settings.requests_per_minute, MINUTE)
        self._answers = Rate(settings.answers_per_minute, MINUTE)
        self._void = Rate(VOID_PER_MINUTE, MINUTE)

    @property
    def wants_token(self) -> bool:
        """Whether who sends no token is refused."""
        return self._login or bool(self._accounts.users())

    def caller(self, token: str | None, address: str) -> User:
        """The user behind a token. Raises RefusedError where there is none, or too many tries."""
        if token is None:
            if self.wants_token:
                raise RefusedError(401, NO_LOGIN, {"WWW-Authenticate": "Bearer"})
            return OWNER
        self._take(self._void, address, cost=False)
        user = self._accounts.user_of(token)
        if user is None:
            self._void.take(address)
            raise RefusedError(401, VOID, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return user

    def count(self, user: User, address: str, *, answer: bool) -> None:
        """Counts a request; one that an LLM answers is also counted among those."""
        key = user.name or address
        self._take(self._requests, key)
        if answer:
            self._take(self._answers, key)

    def _take(self, rate: Rate, key: str, *, cost: bool = True) -> None:
        wait = rate.take(key) if cost else rate.wait(key)
        if wait > 0:
            after = retry_after(wait)
            detail = f"Too many requests. Wait {after['Retry-After']} seconds, then try again."
            raise RefusedError(429, detail, after)


def _admit(*, edits: bool = False, answer: bool = False) -> Callable[..., User]:
    def admit(
        request: Request,
        token: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> User:
        gate: Gate = request.app.state.gate
        address = request.client.host if request.client else ""
        user = gate.caller(token.credentials if token else None, address)
        gate.count(user, address, answer=answer)
        if edits and not user.may_edit:
            raise RefusedError(403, "Readers change nothing: ask with an editor's token.")
        return user

    return admit


Reader = Annotated[User, Depends(_admit())]
"""Somebody who may read."""
Asker = Annotated[User, Depends(_admit(answer=True))]
"""The same, asking what an LLM may have to answer."""
Editor = Annotated[User, Depends(_admit(edits=True))]
"""Somebody who may change the library."""
