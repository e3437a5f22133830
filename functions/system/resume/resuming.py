"""Serves calls of callback URLs: who calls what, which node waits for it, and what it goes on with.

A URL is of the step that gave it away, and good for the waits that come next after that step: one that opened when an
earlier one had ended, which the URL may have been for, is not its. So who was sent a URL for one wait cannot let a
later one go on; waits that stand beside each other are told apart by `?node=`.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID

import psycopg

from functions.system.resume import pages
from stepweave.model.items import INLINE_LIMIT, Batch
from stepweave.model.lineage import descended
from stepweave.runtime.callbacks import given_at, is_signed
from stepweave.runtime.claims import Claims, encode
from stepweave.runtime.errors import NodeError
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Received, Request, received
from stepweave_data.hooks.waits import State, TokensAway, Wait, Waits
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import about

LOOKS: Final = ("GET", "HEAD")
"""Methods that change nothing (RFC 9110, 9.2.1): scanners of mails and previews of chats call every address."""
MOST_BYTES: Final = 1024 * 1024
"""Of a call's body, as webhooks take by default."""
RETRY: Final = {"retry-after": "5"}
_TENANT: Final = "SELECT execution_tenant(%s::uuid)"
_OPEN: Final = "SELECT status IN ('queued', 'running') FROM executions WHERE id = %s"


@dataclass(frozen=True)
class Resume:
    """Serves requests."""

    link: Link
    waits: Waits
    claims: Claims
    secret: Callable[[], str]
    """Gives what callback URLs are signed with; it may change while the worker lives."""

    def serve(self, request: Request) -> dict[str, Any]:
        """Let the node go on and return the answer to the caller.

        Raises:
            Refusal: nothing goes on, and why.
        """
        execution_id = self._execution(request)
        if request.method in LOOKS and pages.wants_page(request):
            return self._ask(execution_id, request)
        if request.method != "POST":
            self._whose(execution_id)
            words = "Call this URL with POST to let the workflow go on; other methods change nothing."
            raise Refusal(405, "wrong_method", "Method not allowed", words, {"allow": "GET, HEAD, POST"})
        given = received(request, json_required=False, most_bytes=MOST_BYTES)
        del given.json["path"]  # it has the signature
        try:
            tenant_id = self._tenant(execution_id)
            wait, state = self.waits.within(tenant_id, lambda it: self._resolve(it, tenant_id, request, given))
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise _away("The waiting node cannot be looked up now.") from error
        except TokensAway as error:
            raise _away("The workflow could not be told.") from error
        except NodeError as error:
            raise _away(error.message) from error
        if state is not State.RESOLVED:
            raise _gone("The node waited no longer when the call came.")
        return pages.gone_on(request, wait)

    def _ask(self, execution_id: str, request: Request) -> dict[str, Any]:
        """Return the page that asks whether to go on; nothing changes."""
        try:
            tenant_id = self._tenant(execution_id)
            wait = self.link.tenant(tenant_id, lambda it: self._wait(it, execution_id, request))
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise _away("The waiting node cannot be looked up now.") from error
        return pages.question(wait)

    def _execution(self, request: Request) -> str:
        """Return the execution that a rightly signed URL names."""
        id, _, given = request.path.partition("/")
        try:
            execution_id = str(UUID(id))
        except ValueError:
            raise _unknown() from None
        # URLs that were given away before each step had its own are those of the execution.
        if given_at(self.secret(), execution_id, given) is None and not is_signed(self.secret(), execution_id, given):
            raise _unknown()
        return execution_id

    def _since(self, execution_id: str, request: Request) -> datetime | None:
        """Return when the step began that a URL is of; None for the execution's."""
        at = given_at(self.secret(), execution_id, request.path.partition("/")[2])
        return None if at is None else datetime.fromtimestamp(at / 1000, UTC)

    def _whose(self, execution_id: str) -> None:
        """Say in whose audit a refusal stands, where that can be known now."""
        with suppress(psycopg.Error, Refusal):
            self._tenant(execution_id)

    def _tenant(self, execution_id: str) -> str:
        row = self.link.call(_TENANT, (execution_id,))
        if row is None or row[0] is None:
            # Rightly signed, so it was started: its first events are still on their way.
            raise _not_yet()
        about(tenant_id=(tenant_id := str(row[0])), execution_id=execution_id)
        return tenant_id

    def _resolve(self, connection: Connection, tenant_id: str, request: Request, given: Received) -> tuple[Wait, State]:
        execution_id = self._execution(request)
        wait = self._wait(connection, execution_id, request)
        output = {"main": self._batch(tenant_id, wait, given)}
        return wait, self.waits.succeed(connection, wait, output, "called")

    def _wait(self, connection: Connection, execution_id: str, request: Request) -> Wait:
        """Return the one wait that a call is about."""
        wanted = parse_qs(request.raw_query)
        node_id, iteration = wanted.get("node", [None])[-1], wanted.get("iteration", [None])[-1]
        every = self.waits.of_execution(connection, execution_id, "callback")
        since = self._since(execution_id, request)
        named = [wait for wait in every if node_id in (None, wait.node_id) and iteration in (None, wait.iteration)]
        found = [wait for wait in named if since is None or _is_next(wait, every, since)]
        waiting = [wait for wait in found if wait.state is State.OPEN]
        if len(waiting) == 1:
            return waiting[0]
        if waiting:
            places = ", ".join(_place(wait) for wait in waiting[:10])
            words = f"Several nodes wait for a call; add to the URL which one: {places}."
            raise Refusal(409, "several_waiting", "Several nodes wait", words)
        row = connection.execute(_OPEN, (execution_id,)).fetchone()
        if row is None or not row[0]:
            raise _gone("The execution has ended.")
        if found:
            raise _gone("The node has gone on already: somebody called before, or its time was over.")
        if any(wait.state is State.OPEN for wait in named):
            raise _gone("This URL was for a node that waited before; the one that waits now has another.")
        raise _not_yet()

    def _batch(self, tenant_id: str, wait: Wait, given: Received) -> Batch:
        place = f"{wait.iteration}/" if wait.iteration else ""
        key = f"{tenant_id}/{wait.execution_id}/{wait.node_id}/{place}{wait.attempt}-called-"
        origin = wait.details.get("resume", {}).get("origin") or None
        [item] = descended([given.item(key, self.claims.store_file)], origin)
        encoded = encode([item])
        if len(encoded) <= INLINE_LIMIT:
            return {"count": 1, "items": [item]}
        return self.claims.store(f"{key}main.json", [item], encoded)


def _is_next(wait: Wait, every: Iterable[Wait], since: datetime) -> bool:
    """Whether no other wait of the execution came between a step and this one. A new attempt is the same wait."""
    place = (wait.node_id, wait.iteration)
    return not any(
        since < other.created_at and other.resolved_at is not None and other.resolved_at < wait.created_at
        for other in every
        if (other.node_id, other.iteration) != place
    )


def _place(wait: Wait) -> str:
    return f"?node={wait.node_id}" + (f"&iteration={wait.iteration}" if wait.iteration else "")


def _unknown() -> Refusal:
    return Refusal(
        404, "unknown_callback", "Not found", "This callback URL is not one of ours; check that it is whole."
    )


def _not_yet() -> Refusal:
    words = "No node waits for a call yet; try again in a moment."
    return Refusal(409, "not_waiting", "Not waiting", words, RETRY)


def _gone(detail: str) -> Refusal:
    return Refusal(410, "no_longer_waiting", "No longer waiting", detail)


def _away(detail: str) -> Refusal:
    return Refusal(503, "not_resumed", "Not available", f"{detail} Try again.", RETRY)
