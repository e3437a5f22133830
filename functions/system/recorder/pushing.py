"""Tells those who watch: snapshots and waiting webhooks in Redis, messages to subscribed connections."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import redis

from stepweave_data import redis_keys as keys
from stepweave_data.history.connections import Connections, Gone
from stepweave_data.history.live import Watchers, connect, keep_live
from stepweave_data.history.messages import event_messages, execution_message
from stepweave_data.history.store import Recorded


class Pusher:
    """Pushes what was recorded. Redis or a connection that fails costs a log line, nothing else."""

    def __init__(self, client: "redis.Redis | None", connections: Callable[[], Connections] | None = None) -> None:
        self._redis = client
        self._connections = connections or Connections.from_environment

    def push(self, tenant_id: str, recorded: Recorded) -> None:
        """Update snapshots, answer waiting webhooks, and push to subscribers."""
        if self._redis is None or not recorded.events:
            return
        try:
            keep_live(self._redis, recorded.events, recorded.executions)
            watchers = Watchers(self._redis)
            subscribers = watchers.of(_channels(tenant_id, recorded))
            for channel, connection_ids in subscribers.items():
                for connection_id in connection_ids:
                    self._send(watchers, connection_id, _messages(channel, recorded))
        except redis.RedisError as error:
            _log("live updates are off", error=repr(error))

    def _send(self, watchers: Watchers, connection_id: str, messages: list[str]) -> None:
        try:
            for message in messages:
                self._connections().post(connection_id, message)
        except Gone:
            watchers.gone(connection_id)
        except OSError as error:
            _log("a connection could not be reached", connection=connection_id, error=repr(error))


def live_or_none() -> "redis.Redis | None":
    """Return the Redis client of this function, or None where it has none."""
    url = os.environ.get("STEPWEAVE_REDIS_URL")
    return connect(url) if url else None


def _channels(tenant_id: str, recorded: Recorded) -> list[str]:
    channels = [keys.execution_channel(execution_id) for execution_id in recorded.events]
    told = [execution for execution in recorded.executions if _is_told(execution, recorded)]
    channels += sorted({keys.workflow_channel(execution["workflowId"]) for execution in told})
    return [*channels, keys.tenant_channel(tenant_id)] if told else channels


def _messages(channel: str, recorded: Recorded) -> list[str]:
    kind, _, id = channel.partition(":")
    if kind == "execution":
        return list(event_messages(channel, id, recorded.events[id]))
    return [
        execution_message(channel, {key: value for key, value in execution.items() if key != "ended"})
        for execution in recorded.executions
        if _is_told(execution, recorded) and (kind == "tenant" or execution["workflowId"] == id)
    ]


def _is_told(execution: dict[str, Any], recorded: Recorded) -> bool:
    """Whether lists hear of an execution now: when it starts and when it ends."""
    first = recorded.events.get(execution["id"], [])
    return bool(execution["ended"]) or any(event["seq"] == 1 for event in first)


def _log(message: str, **fields: Any) -> None:
    print(json.dumps({"level": "WARNING", "message": message, **fields}), file=sys.stderr)  # noqa: T201  # CloudWatch
