"""Who asks, and what they may do: bearer tokens of programs, sessions of browsers, and single sign-on by a proxy.

| what is presented | by whom | what it gives |
| --- | --- | --- |
| `Authorization: Bearer bic_…` | programs | the scopes of the token |
| the session cookie | browsers, after `POST /{l}/login` | the scopes of the token that was given there |
| the header `user_header` of the settings | a proxy that the settings list | the scopes of that user in the settings |

What a user may see of a registry is an `Audience`; `opened(request)` opens the registry for the one who asks, so that
no handler has to filter.

>>> user = User("example-ngo#12ab", "example-ngo", frozenset({"submit:example-ngo/a"}))
>>> user.may_submit("example-ngo", "a"), user.may_submit("example-ngo", "b"), user.is_reviewer
(True, False, False)
>>> user.audience.sees("example-ngo", "a"), user.audience.sees("other-ngo", "a")
(True, False)
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import sentence
from bicentennial.monitoring.access import sessions, tokens
from bicentennial.monitoring.store.audience import EVERYTHING, Audience
from bicentennial.monitoring.workflow.stored import is_redacted
from bicentennial.service.http.refusals import Refusal
from bicentennial.service.http.requests import context_of, cookie_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request

    from bicentennial.monitoring.access.tokens import Token
    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["User", "demand", "kept_of", "opened", "program_of", "refusal", "user_of"]

_BEARER: Final = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class User:
    """The one who asks.

    Args:
        name: what the registry's events call them; empty for a visitor who has not signed in.
        submitter: the submitter in whose name they act, if there is one.
        scopes: what they may do, see `bicentennial.monitoring.access.tokens`.
    """

    name: str = ""
    submitter: str | None = None
    scopes: frozenset[str] = frozenset()

    @property
    def is_anonymous(self) -> bool:
        """Whether they have not signed in."""
        return not self.name

    @property
    def is_admin(self) -> bool:
        """Whether they may add parties and tokens."""
        return "admin" in self.scopes

    @property
    def is_reviewer(self) -> bool:
        """Whether they may sign submissions off."""
        return tokens.allows(self.scopes, "review")

    @property
    def is_submitter(self) -> bool:
        """Whether there is any dataset that they may submit to."""
        return self.is_admin or any(each.startswith("submit:") for each in self.scopes)

    @property
    def audience(self) -> Audience:
        """What they may see of a registry."""
        if self.is_reviewer:
            return EVERYTHING
        return Audience(names=frozenset(each.partition(":")[2] for each in self.scopes if ":" in each))

    def may_submit(self, submitter: str, dataset: str) -> bool:
        """Return whether they may submit to a dataset."""
        return tokens.allows(self.scopes, f"submit:{submitter}/{dataset}")

    def may_withdraw(self, submission: Submission) -> bool:
        """Return whether they may withdraw a submission: its submitter may, and reviewers."""
        return self.is_reviewer or self.may_submit(submission.submitter, submission.dataset)

    def is_own(self, submission: Submission) -> bool:
        """Return whether a submission is theirs, so that another reviewer has to sign it off."""
        return self.name == submission.sent_by or self.submitter == submission.submitter


_ANONYMOUS: Final = User()


def program_of(request: Request) -> User:
    """Return whose bearer token a request presents; no cookie counts, so no form elsewhere can act through it.

    Raises:
        Refusal: 401 for a token that is none, has expired or was revoked.
    """
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if not kind:
        return _ANONYMOUS
    context = context_of(request)
    if kind.lower() == "bearer" and context.settings.registry is not None:
        with context.registry(EVERYTHING) as registry:
            token = tokens.check(registry.database, text.strip())
        if token is not None:
            return _user(token)
    raise refusal(401, "bad-token", _BEARER)


def user_of(request: Request) -> User:
    """Return who asks by any of the ways; of a session that has ended, a visitor who has not signed in.

    Raises:
        Refusal: 401 for a bearer token that is none, has expired or was revoked.
        DatabaseError: the registry's database is away.
    """
    known: User | None = getattr(request.state, "user", None)
    if known is None:
        known = request.state.user = _found(request)
    return known


def _found(request: Request) -> User:
    program = program_of(request)
    context = context_of(request)
    if not program.is_anonymous or context.settings.registry is None:
        return program
    if named := getattr(request.state, "signed_on", ""):
        return User(named, None, frozenset(context.settings.users.get(named, "").split()))
    secret = request.cookies.get(cookie_name(request, "session"))
    if secret:
        with context.registry(EVERYTHING) as registry:
            token = sessions.holder(registry.database, secret)
        if token is not None:
            return _user(token)
    return _ANONYMOUS


def _user(token: Token) -> User:
    return User(f"{token.submitter or 'token'}#{token.id}", token.submitter, frozenset(token.scopes))


@contextlib.contextmanager
def opened(request: Request, user: User | None = None) -> Iterator[Registry]:
    """Open the registry for the one who asks: it answers as if what they may not see were not there.

    Args:
        request: what is answered.
        user: who asks; who the request says if None.
    """
    who = user or user_of(request)
    with context_of(request).registry(who.audience) as registry:
        yield registry


@contextlib.contextmanager
def kept_of(registry: Registry, submission: Submission) -> Iterator[None]:
    """Give what the registry keeps of a submission, such as its file or its report.

    Raises:
        Refusal: 410 if it was redacted, 404 if it is not there yet.
    """
    try:
        yield
    except UsageError as error:
        raise Refusal(410 if is_redacted(registry.database, submission.id) else 404, error.text) from None


def refusal(status: int, key: str, headers: Mapping[str, str] | None = None, **words: object) -> Refusal:
    """Return the error that answers with a status and a sentence of `[office]`, in the language of the request."""
    return Refusal(status, sentence("office", key, **words), headers)


def demand(user: User, *, allowed: bool) -> None:
    """Refuse what a user may not do.

    Raises:
        Refusal: 401 for a visitor who has not signed in, 403 for a user without the scope.
    """
    if allowed:
        return
    if user.is_anonymous:
        raise refusal(401, "sign-in-first", _BEARER)
    raise refusal(403, "not-allowed")
