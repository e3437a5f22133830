"""What a browser can say on its connection, and what it is told (docs/reference/contracts.md, "WebSocket")."""

import json
from dataclasses import dataclass
from typing import Any, Final, Protocol

import psycopg
import redis
from aws_lambda_powertools.utilities.data_classes.api_gateway_websocket_event import (
    APIGatewayWebSocketEventRequestContext as RequestContext,
)

from stepweave_data import redis_keys as keys
from stepweave_data.history.connections import Gone
from stepweave_data.history.live import Watchers
from stepweave_data.history.messages import event_messages
from stepweave_data.history.store import MOST_SEQ, PAGE, History
from stepweave_data.telemetry import Metric, about, count, logger

LONGEST_CHANNEL: Final = 100
"""Characters; a channel is a word and a UUID."""


class Post(Protocol):
    """Sends messages to connections, and closes them."""

    def post(self, connection_id: str, message: str) -> None:
        """Send a text message. Raises Gone, or OSError."""

    def close(self, connection_id: str) -> None:
        """Close a connection. Raises Gone, or OSError."""


@dataclass(frozen=True)
class Caller:
    """Who sends on a connection. The authorizer said at $connect whose it is, and API Gateway repeats it each time."""

    connection_id: str
    tenant_id: str
    user_id: str
    session_id: str = ""

    @classmethod
    def of(cls, request: RequestContext) -> "Caller":
        """Return the caller of an event's request context. Raises KeyError without an authorizer."""
        authorizer = request["authorizer"]
        about(tenant_id=authorizer["tenantId"])
        return cls(request.connection_id, authorizer["tenantId"], authorizer["userId"], authorizer.get("sessionId", ""))


class Refused(Exception):
    """A message that cannot be served; `code` is stable. `channel` is the one it asked for, where it named one."""

    def __init__(self, code: str, message: str, channel: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.channel = channel


class Over(Exception):
    """Whoever watches may not any more: the session has ended, or the user is no member."""


class Live:
    """Serves connections."""

    def __init__(self, watchers: Watchers, history: History, connections: Post) -> None:
        self._watchers = watchers
        self._history = history
        self._connections = connections

    def connected(self, caller: Caller) -> None:
        """Take a new connection. Raises redis.RedisError: the browser is refused and comes again."""
        self._watchers.connected(caller.connection_id, caller.tenant_id, caller.user_id)

    def disconnected(self, connection_id: str) -> None:
        """Forget a connection."""
        self._watchers.gone(connection_id)

    def message(self, caller: Caller, body: str) -> None:
        """Serve one message; what cannot be served is answered with an error.

        Raises:
            OSError: API Gateway did not take the answer.
        """
        try:
            try:
                self._serve(caller, body)
            except Over:
                count(Metric.REFUSED)
                self._post(caller, _error("session_over", "The session has ended; connect again."))
                self._connections.close(caller.connection_id)
                self._forget(caller)
            except Refused as error:
                count(Metric.REFUSED)
                self._post(caller, _error(error.code, str(error), error.channel))
            except (psycopg.OperationalError, psycopg.InterfaceError, redis.RedisError) as error:
                logger().warning("a message could not be served", error=repr(error))
                count(Metric.UNAVAILABLE)
                words = "Live updates are not available now; subscribe again in a moment."
                self._post(caller, _error("unavailable", words))
        except Gone:
            self._forget(caller)

    def _serve(self, caller: Caller, body: str) -> None:
        request = _parse(body)
        match request.get("action"):
            case "ping":
                self._post(caller, {"type": "pong"})
            case "subscribe":
                self._subscribe(caller, _channel(request), _after(request))
            case "unsubscribe":
                channel = _channel(request)
                self._watchers.unsubscribe(caller.connection_id, channel)
                if channel == keys.tenant_channel(caller.tenant_id):
                    self._watchers.unsubscribe(caller.connection_id, keys.narrowed_channel(caller.tenant_id))
            case action:
                told = json.dumps(action)[:50]
                raise Refused("unknown_action", f"There is no action {told}; use subscribe, unsubscribe or ping.")

    def _subscribe(self, caller: Caller, channel: str, after: int) -> None:
        kind, _, id = channel.partition(":")
        if kind == "tenant" and not caller.user_id.startswith("chat:"):
            self._subscribe_all(caller, channel, id)
            return
        may = self._may_watch(caller, channel, kind, id)
        if may is None:
            raise Over
        if not may:
            # It may have been allowed when the lease began: a member who left, a workflow that was deleted.
            self._watchers.unsubscribe(caller.connection_id, channel)
            raise Refused("not_found", f"There is no channel {channel!r}.", channel)
        # Registered before history is read: what happens between the two comes twice, and never not at all. The
        # connection is registered again too, in case Redis lost it.
        self._watchers.connected(caller.connection_id, caller.tenant_id, caller.user_id)
        fresh = self._watchers.subscribe(caller.connection_id, channel)
        if kind == "execution":
            about(execution_id=id)
        last = self._replay(caller, channel, id, after) if kind == "execution" else 0
        self._post(caller, {"type": "subscribed", "channel": channel, "lastSeq": last, "fresh": fresh})

    def _subscribe_all(self, caller: Caller, channel: str, id: str) -> None:
        """Subscribe to the tenant's executions: all of them, or those of what the member may watch."""
        reach = self._history.watch_reach(caller.tenant_id, caller.user_id, caller.session_id)
        if reach is None:
            raise Over
        narrowed = keys.narrowed_channel(caller.tenant_id)
        if id != caller.tenant_id or not (reach.everywhere or reach.projects or reach.workflows):
            for former in (channel, narrowed):
                self._watchers.unsubscribe(caller.connection_id, former)
            raise Refused("not_found", f"There is no channel {channel!r}.", channel)
        held, other = (channel, narrowed) if reach.everywhere else (narrowed, channel)
        self._watchers.connected(caller.connection_id, caller.tenant_id, caller.user_id)
        if not reach.everywhere:
            self._watchers.narrow(caller.connection_id, reach.projects, reach.workflows)
        fresh = self._watchers.subscribe(caller.connection_id, held)
        self._watchers.unsubscribe(caller.connection_id, other)  # they may have seen more, or less, before
        self._post(caller, {"type": "subscribed", "channel": channel, "lastSeq": 0, "fresh": fresh})

    def _may_watch(self, caller: Caller, channel: str, kind: str, id: str) -> bool | None:
        if kind == "chat":
            # Whoever reads a chat has a ticket for one execution of it, and is no user.
            return channel == caller.user_id
        if caller.user_id.startswith("chat:"):
            return False
        return self._history.may_watch(caller.tenant_id, caller.user_id, caller.session_id, kind, id)

    def _replay(self, caller: Caller, channel: str, execution_id: str, after: int) -> int:
        while True:
            events = self._history.events(caller.tenant_id, execution_id, after)
            for message in event_messages(channel, execution_id, events):
                self._connections.post(caller.connection_id, message)
            if events:
                after = events[-1]["seq"]
            if len(events) < PAGE:
                return after

    def _post(self, caller: Caller, message: dict[str, Any]) -> None:
        self._connections.post(caller.connection_id, json.dumps(message))

    def _forget(self, caller: Caller) -> None:
        try:
            self._watchers.gone(caller.connection_id)
        except redis.RedisError as error:
            logger().warning("a closed connection could not be forgotten; it ends by itself", error=repr(error))


def _error(code: str, message: str, channel: str | None = None) -> dict[str, Any]:
    error = {"type": "error", "code": code, "message": message}
    return error if channel is None else {**error, "channel": channel}


def _parse(body: str) -> dict[str, Any]:
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("invalid_message", "A message must be JSON.") from None
    if not isinstance(request, dict):
        raise Refused("invalid_message", "A message must be a JSON object with an action.")
    return request


def _channel(request: dict[str, Any]) -> str:
    channel = request.get("channel")
    if not isinstance(channel, str) or not 0 < len(channel) <= LONGEST_CHANNEL:
        raise Refused("invalid_message", "channel must be text such as execution:<id>.")
    return channel


def _after(request: dict[str, Any]) -> int:
    after = request.get("after", 0)
    if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= MOST_SEQ:
        raise Refused("invalid_message", "after must be the number of the last event you have, or 0.")
    return after
