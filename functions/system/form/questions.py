"""A page that somebody was asked to answer, at an address of its own: it is answered once, and leads nowhere else.

Looking changes nothing, for scanners of mails open every link they see; what is sent names the wait that its page had.
"""

import time
from dataclasses import dataclass
from typing import Any, Final, Protocol

from functions.system.form import answers, later, pages
from functions.system.form.endings import Standing, standing_of
from functions.system.form.submissions import digest, prefilled, strange
from functions.system.form.words import TextId, words_of
from stepweave.runtime.claims import Claims
from stepweave_data.hooks.bodies import Content
from stepweave_data.hooks.looks import Look
from stepweave_data.hooks.requests import Request
from stepweave_data.hooks.visitors import plain
from stepweave_data.hooks.waits import State, Wait, Waits
from stepweave_data.link import Connection, Link

_PAUSE: Final = 0.15
_NEWEST: Final = """
SELECT id FROM waits WHERE execution_id = %s AND kind = 'form' AND details #>> '{resume,key}' = %s
ORDER BY state = 'open' DESC, created_at DESC, attempt DESC LIMIT 1
"""
_CLOSED: Final[dict[State, tuple[TextId, TextId, int]]] = {
    State.RESOLVED: ("answered", "answeredNow", 200),
    State.EXPIRED: ("tooLate", "timeOverNow", 410),
    State.CANCELLED: ("ended", "endedNow", 410),
}


class Served(Protocol):
    """What is needed of whoever serves visitors (`Visits`)."""

    @property
    def link(self) -> Link: ...  # noqa: D102 - as there

    @property
    def waits(self) -> Waits: ...  # noqa: D102 - as there

    @property
    def claims(self) -> Claims: ...  # noqa: D102 - as there

    @property
    def seconds(self) -> float: ...  # noqa: D102 - as there

    def tenant(self, execution_id: str) -> str:
        """Return whose execution it is; "" while nothing of it is recorded."""


@dataclass(frozen=True)
class Questions:
    """Serves such pages."""

    by: Served

    def serve(self, execution_id: str, key: str, request: Request, content: Content | None) -> dict[str, Any]:
        """Return the answer to a request; `content` is what was sent, None where somebody only looks.

        Raises:
            Refusal: nothing of the execution was ever recorded, or is any more.
            TokensAway, NodeError: what was sent could not be taken.
        """
        own, tenant_id = plain(request.headers), self.by.tenant(execution_id)
        if content is not None and tenant_id:
            found = self.by.waits.within(
                tenant_id, lambda it: self._sent(it, tenant_id, execution_id, key, content, own)
            )
            if found is not None:
                return found
        return self._looked(execution_id, key, request, own)

    def _looked(self, execution_id: str, key: str, request: Request, own: Look) -> dict[str, Any]:
        """Return the page; the mail may be there before the wait is recorded."""
        times = later.times(request.raw_query)
        until = time.monotonic() + (0 if times else self.by.seconds)
        while True:
            tenant_id, standing = self.by.tenant(execution_id), None
            if tenant_id:
                shown = self.by.link.tenant(tenant_id, lambda it: self._shown(it, execution_id, key, request, own))
                if isinstance(shown, dict):
                    return shown
                standing = shown
            if time.monotonic() >= until:
                return later.working(standing, own, times, request.raw_query)
            time.sleep(_PAUSE)

    def _shown(
        self, connection: Connection, execution_id: str, key: str, request: Request, own: Look
    ) -> dict[str, Any] | Standing:
        standing, wait = standing_of(connection, execution_id, own), self._wait(connection, execution_id, key)
        if wait is None:
            return _closed(State.CANCELLED, standing.look) if standing.over else standing
        if wait.state is State.OPEN and not standing.over:
            return later.page(
                wait, standing.look, prefilled(wait.details["resume"]["page"]["fields"], request.raw_query)
            )
        return _closed(State.CANCELLED if wait.state is State.OPEN else wait.state, standing.look)

    def _wait(self, connection: Connection, execution_id: str, key: str) -> Wait | None:
        row = connection.execute(_NEWEST.encode(), (execution_id, key)).fetchone()
        return self.by.waits.find(connection, str(row[0])) if row else None

    def _sent(
        self, connection: Connection, tenant_id: str, execution_id: str, key: str, content: Content, own: Look
    ) -> dict[str, Any] | None:
        """Let the node go on, and return thanks; or why nothing is taken. None while no wait is recorded."""
        wait = self._wait(connection, execution_id, key)
        if wait is None:
            return None
        standing = standing_of(connection, execution_id, own)
        look, words = standing.look, words_of(standing.look["language"])
        found = answers.read(wait.details["resume"]["page"], content, words)
        state, sent = wait.state, f"sent {digest(found)[:32]}"
        if state is State.OPEN and standing.over:
            return _closed(State.CANCELLED, look)
        if state is State.OPEN:
            if answers.own(content, answers.LATER) != wait.id:  # from no page of ours, or from one of an attempt before
                return later.page(wait, look, found.given, found.lost, words("changedMeanwhile"), 409)
            filled_in = answers.filled_in(content, words)
            if filled_in or not found.fine:
                return later.page(wait, look, found.given, found.marked, filled_in or strange(found, words), 422)
            output = {"main": later.batch(self.by.claims, tenant_id, wait, found)}
            state = self.by.waits.succeed(connection, wait, output, sent)
            if state is State.RESOLVED:
                return pages.message(words("thanks"), words("arrived"), look)
        if state is State.RESOLVED and wait.outcome == sent:  # clicked twice
            return pages.message(words("thanks"), words("arrived"), look)
        if state is State.RESOLVED:
            return pages.message(words("sentBefore"), words("sentBeforeNow"), look, 409)
        return pages.message(words("tooLate"), words("tooLateNow"), look, 410)


def _closed(state: State, look: Look) -> dict[str, Any]:
    title, text, status = _CLOSED[state]
    words = words_of(look["language"])
    return pages.message(words(title), words(text), look, status)
