"""What a browser can say on its connection, and what it is told (docs/reference/contracts.md, "WebSocket")."""

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

from stepweave_data.history.connections import Gone
from stepweave_data.history.live import Watchers
from stepweave_data.history.messages import event_messages
from stepweave_data.history.store import PAGE, History

KINDS: Final = ("execution", "workflow", "tenant")


class Post(Protocol):
    """Sends a message to a connection."""

    def post(self, connection_id: str, message: str) -> None:
        """Send a text message. Raises Gone, or OSError."""


class Refused(Exception):
    """A message that cannot be served; `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Live:
    """Serves connections."""

    def __init__(self, watchers: Watchers, history: History, connections: Post) -> None:
        self._watchers = watchers
        self._history = history
        self._connections = connections

    def connected(self, connection_id: str, authorizer: Mapping[str, str]) -> None:
        """Take a new connection; the authorizer has said whose it is."""
        self._watchers.connected(connection_id, authorizer["tenantId"], authorizer["userId"])

    def disconnected(self, connection_id: str) -> None:
        """Forget a connection."""
        self._watchers.gone(connection_id)

    def message(self, connection_id: str, body: str) -> None:
        """Serve one message; what cannot be served is answered with an error."""
        try:
            try:
                self._serve(connection_id, body)
            except Refused as error:
                self._post(connection_id, {"type": "error", "code": error.code, "message": str(error)})
        except Gone:
            self._watchers.gone(connection_id)

    def _serve(self, connection_id: str, body: str) -> None:
        request = _parse(body)
        match request.get("action"):
            case "ping":
                self._post(connection_id, {"type": "pong"})
            case "subscribe":
                self._subscribe(connection_id, request)
            case "unsubscribe":
                self._watchers.unsubscribe(connection_id, str(request.get("channel")))
            case action:
                raise Refused("unknown_action", f"There is no action {action!r}; use subscribe, unsubscribe or ping.")

    def _subscribe(self, connection_id: str, request: dict[str, Any]) -> None:
        channel, after = request.get("channel"), request.get("after", 0)
        if not isinstance(channel, str) or not isinstance(after, int) or after < 0:
            raise Refused("invalid_message", "subscribe needs a channel, and after as a number from 0.")
        tenant_id = self._watchers.tenant_of(connection_id)
        if tenant_id is None:
            # Redis was emptied: the browser connects again with a new ticket, which tells us who it is.
            raise Refused("reconnect", "This connection is not known any more; connect again.")
        kind, _, id = channel.partition(":")
        if not self._may_watch(tenant_id, kind, id):
            raise Refused("not_found", f"There is no channel {channel!r}.")
        # Registered before history is read: what happens between the two comes twice, and never not at all.
        self._watchers.subscribe(connection_id, channel)
        last = self._replay(connection_id, tenant_id, channel, id, after) if kind == "execution" else 0
        self._post(connection_id, {"type": "subscribed", "channel": channel, "lastSeq": last})

    def _may_watch(self, tenant_id: str, kind: str, id: str) -> bool:
        if kind == "tenant":
            return id == tenant_id
        return kind in KINDS and self._history.owns(tenant_id, kind, id)

    def _replay(self, connection_id: str, tenant_id: str, channel: str, execution_id: str, after: int) -> int:
        while True:
            events = self._history.events(tenant_id, execution_id, after)
            for message in event_messages(channel, execution_id, events):
                self._connections.post(connection_id, message)
            if events:
                after = events[-1]["seq"]
            if len(events) < PAGE:
                return after

    def _post(self, connection_id: str, message: dict[str, Any]) -> None:
        self._connections.post(connection_id, json.dumps(message))


def _parse(body: str) -> dict[str, Any]:
    try:
        request = json.loads(body)
    except ValueError:
        raise Refused("invalid_message", "A message must be JSON.") from None
    if not isinstance(request, dict):
        raise Refused("invalid_message", "A message must be a JSON object with an action.")
    return request
