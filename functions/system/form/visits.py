"""Serves the pages of an execution to its visitor: the one it waits with, that it works, or how it ended."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg

from functions.system.form import answers, later, pages
from functions.system.form.endings import Standing, ending, standing_of
from functions.system.form.questions import Questions
from functions.system.form.submissions import digest, prefilled, strange
from functions.system.form.words import TextId, words_of
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import NodeError
from stepweave.runtime.form_links import is_signed, path_of, question_key
from stepweave_data.hooks.bodies import Content
from stepweave_data.hooks.looks import Look
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Request
from stepweave_data.hooks.visitors import plain
from stepweave_data.hooks.waits import State, TokensAway, Waits
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import about

KIND: Final = "form"
WAIT_SECONDS: Final = 6.0
"""How long a visitor's request waits for the next page; most workflows have made it by then."""
PAUSE_SECONDS: Final = 0.15
_TENANT: Final = "SELECT execution_tenant(%s::uuid)"
_OLDEST: Final = """
SELECT id FROM waits WHERE execution_id = %s AND kind = 'form' AND state = 'open'
  AND details #>> '{resume,key}' IS NULL
ORDER BY created_at, node_id, iteration LIMIT 1
"""


@dataclass(frozen=True)
class Visits:
    """Serves visitors."""

    link: Link
    waits: Waits
    claims: Claims
    secret: Callable[[], str]
    seconds: float = WAIT_SECONDS

    def serve(self, request: Request, content: Content | None) -> dict[str, Any]:
        """Return the answer; `content` is what was sent, None where the visitor only looks.

        Raises:
            Refusal: the address is none of ours, or cannot be looked up now.
        """
        execution_id, key = self._execution(request)
        try:
            if key:
                return Questions(self).serve(execution_id, key, request, content)
            if content is not None:
                return self._sent(execution_id, content, plain(request.headers))
            return self._looked(execution_id, request)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise _away("The form cannot be looked up now.", content) from error
        except TokensAway as error:
            raise _away("The workflow could not be told.", content) from error
        except NodeError as error:
            raise _away(error.message, content) from error

    def look(self, request: Request) -> Look:
        """Return how the pages at an address look; the plain look where that cannot be known."""
        own = plain(request.headers)
        try:
            execution_id, _ = self._execution(request)
            tenant_id = self.tenant(execution_id)
            return self.link.tenant(tenant_id, lambda it: standing_of(it, execution_id, own).look) if tenant_id else own
        except (Refusal, psycopg.OperationalError, psycopg.InterfaceError):
            return own

    def _execution(self, request: Request) -> tuple[str, str]:
        """Return the execution that a rightly signed address names, and the one page of it; "" for all."""
        id, _, given = request.path.partition("/")
        try:
            execution_id = str(UUID(id))
        except ValueError:
            raise _unknown() from None
        key = question_key(self.secret(), execution_id, given)
        if not key and not is_signed(self.secret(), execution_id, given):
            raise _unknown()
        about(execution_id=execution_id)
        return execution_id, key

    def _looked(self, execution_id: str, request: Request) -> dict[str, Any]:
        """Return what the visitor sees now, after waiting a little for something new."""
        times, own = later.times(request.raw_query), plain(request.headers)
        until = time.monotonic() + (0 if times else self.seconds)
        while True:
            shown = self._now(execution_id, own, framed=pages.is_framed(request.headers))
            if isinstance(shown, dict):
                return shown
            if time.monotonic() >= until:
                return later.working(shown, own, times)
            time.sleep(PAUSE_SECONDS)

    def _now(self, execution_id: str, own: Look, *, framed: bool) -> dict[str, Any] | Standing | None:
        """Return as `_shown`; None while nothing of the execution is recorded."""
        tenant_id = self.tenant(execution_id)
        if not tenant_id:
            return None
        return self.link.tenant(tenant_id, lambda it: self._shown(it, tenant_id, execution_id, own, framed=framed))

    def tenant(self, execution_id: str) -> str:
        """Return whose execution it is; "" while its first events are on their way."""
        row = self.link.call(_TENANT, (execution_id,))
        tenant_id = str(row[0]) if row and row[0] else ""
        if tenant_id:
            about(tenant_id=tenant_id)
        return tenant_id

    def _shown(
        self, connection: Connection, tenant_id: str, execution_id: str, own: Look, *, framed: bool
    ) -> dict[str, Any] | Standing:
        """Return the page for now, or how things stand where there is none yet."""
        standing = standing_of(connection, execution_id, own)
        row = None if standing.over else connection.execute(_OLDEST.encode(), (execution_id,)).fetchone()
        wait = self.waits.find(connection, str(row[0])) if row else None
        if wait is not None and wait.state is State.OPEN:
            return later.page(wait, standing.look, prefilled(wait.details["resume"]["page"]["fields"]))
        made = ending(connection, standing, self.claims, tenant_id)
        if made is None:
            return standing
        return pages.out_of_frame(made, standing.look) if framed else made

    def _sent(self, execution_id: str, content: Content, own: Look) -> dict[str, Any]:
        """Let the node go on, and lead to the next page; where it waits no longer, say what becomes of the answers."""
        tenant_id = self.tenant(execution_id)
        wanted = answers.own(content, answers.LATER)
        try:
            wait_id = str(UUID(wanted))
        except ValueError:
            wait_id = ""
        if tenant_id and wait_id:
            answer = self.waits.within(
                tenant_id, lambda it: self._resolve(it, tenant_id, own, wait_id, execution_id, content)
            )
            if answer is not None:
                return answer
        return pages.elsewhere(path_of(self.secret(), execution_id), own)

    def _resolve(
        self, connection: Connection, tenant_id: str, own: Look, wait_id: str, execution_id: str, content: Content
    ) -> dict[str, Any] | None:
        """Return the page with what is to be changed, that answers are not taken, or None for what comes next."""
        wait = self.waits.find(connection, wait_id)
        if wait is None or wait.execution_id != execution_id or wait.kind != KIND or later.key_of(wait):
            return None
        standing = standing_of(connection, execution_id, own)
        look = standing.look
        words = words_of(look["language"])
        found = answers.read(wait.details["resume"]["page"], content, words)
        state, sent = wait.state, f"sent {digest(found)[:32]}"
        if state is State.OPEN and not standing.over:
            filled_in = answers.filled_in(content, words)
            if filled_in or not found.fine:
                return later.page(wait, look, found.given, found.marked, filled_in or strange(found, words), 422)
            state = self.waits.succeed(
                connection, wait, {"main": later.batch(self.claims, tenant_id, wait, found)}, sent
            )
        elif state is State.RESOLVED and wait.outcome != sent:
            return self._not_taken(execution_id, look, "sentBefore", "sentBeforeNow", 409)
        if state in (State.OPEN, State.EXPIRED, State.CANCELLED):
            return self._not_taken(execution_id, look, "tooLate", "tooLateNow", 410)
        return None

    def _not_taken(self, execution_id: str, look: Look, title: TextId, text: TextId, status: int) -> dict[str, Any]:
        """Return the page that tells that answers came to nothing, with the way to what there is now."""
        words, onward = words_of(look["language"]), path_of(self.secret(), execution_id)
        return pages.message(words(title), words(text), look, status, onward=onward)


def _unknown() -> Refusal:
    return Refusal(404, "unknown_visit", "Not found", "This address is not one of ours; check that it is whole.")


def _away(detail: str, content: Content | None) -> Refusal:
    code = "not_available" if content is None else "not_taken"
    return Refusal(503, code, "Not available", f"{detail} Try again.", {"retry-after": "5"})
