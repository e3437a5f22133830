"""Tells those who watch: snapshots and waiting webhooks in Redis, messages to subscribed connections."""

import json
import os
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

import psycopg
import redis

from stepweave.model.events import EventType
from stepweave_data import redis_keys as keys
from stepweave_data.history.connections import Gone
from stepweave_data.history.folding import ENDS, OPEN
from stepweave_data.history.live import Watchers, connect, keep_live
from stepweave_data.history.messages import event_messages, execution_message
from stepweave_data.history.store import Recorded
from stepweave_data.redis_link import URL, redis_url
from stepweave_data.telemetry import Metric, count, logger

PUSH_SECONDS: Final = 3.0
"""Most time for pushing one batch: the next one waits behind it, and a browser that missed messages asks again."""
AT_ONCE: Final = 8
"""Connections that are sent to at the same time, so that one that hangs does not hold the others up."""


Projects = Callable[[str, Collection[str]], Mapping[str, str]]
"""Gives the project of each of a tenant's workflows. Raises psycopg.Error."""


class Post(Protocol):
    """Sends a message to a connection."""

    def post(self, connection_id: str, message: str) -> None:
        """Send a text message. Raises Gone, or OSError."""


class Pusher:
    """Pushes what was recorded. Redis or a connection that fails costs a log line, nothing else.

    Args:
        client: Redis, or None where there is none.
        connections: gives the `@connections` client, when somebody watches.
        projects: gives the projects of a tenant's workflows, when somebody watches who sees some of them only.
    """

    def __init__(self, client: redis.Redis | None, connections: Callable[[], Post], projects: Projects) -> None:
        self._redis = client
        self._connections = connections
        self._projects = projects

    def push(self, tenant_id: str, recorded: Recorded) -> None:
        """Update snapshots, answer waiting webhooks, and push to subscribers."""
        if self._redis is None or not recorded.events:
            return
        told = [execution for execution in recorded.executions if _is_told(recorded, execution["id"])]
        try:
            channels = _channels(tenant_id, recorded, told)
            ids = [execution["id"] for execution in told if execution["status"] in OPEN]
            kept = keep_live(self._redis, recorded.events, recorded.executions, channels, ids, recorded.awaited)
            watched = {channel: found for channel, found in kept.subscribers.items() if found}
            if watched:
                told = [{**execution, "steps": kept.steps.get(execution["id"])} for execution in told]
                self._tell(self._redis, tenant_id, watched, recorded, told)
        except redis.RedisError as error:
            logger().warning("live updates are off: Redis failed", error=repr(error))
            count(Metric.UNAVAILABLE)

    def _tell(
        self,
        client: redis.Redis,
        tenant_id: str,
        subscribers: dict[str, list[str]],
        recorded: Recorded,
        told: list[dict[str, Any]],
    ) -> None:
        limit = time.monotonic() + PUSH_SECONDS
        narrowed = subscribers.pop(keys.narrowed_channel(tenant_id), [])
        outgoing = _by_connection(subscribers, recorded, told)
        for connection_id, messages in self._narrowed(client, tenant_id, narrowed, told).items():
            outgoing.setdefault(connection_id, []).extend(messages)
        if not outgoing:
            return
        post = self._connections()
        with ThreadPoolExecutor(min(AT_ONCE, len(outgoing))) as pool:
            sent = pool.map(lambda entry: _sent(post, entry[0], entry[1], limit), outgoing.items())
        # Who missed something is forgotten, and learns of it when it renews its lease: it costs the next batch nothing.
        for connection_id, arrived in zip(outgoing, sent, strict=True):
            if not arrived:
                Watchers(client).gone(connection_id)

    def _narrowed(
        self, client: redis.Redis, tenant_id: str, connection_ids: list[str], told: list[dict[str, Any]]
    ) -> dict[str, list[str]]:
        """Return what those are to be sent who watch the tenant and see a part of it: their executions."""
        if not connection_ids or not told:
            return {}
        try:
            projects = self._projects(tenant_id, {execution["workflowId"] for execution in told})
        except psycopg.Error as error:
            logger().warning("who sees a part only is not told", error=str(error))
            return {}
        channel, found = keys.tenant_channel(tenant_id), {}
        for connection_id, (within, workflows) in Watchers(client).reaches(connection_ids).items():
            seen = [one for one in told if projects.get(one["workflowId"]) in within or one["workflowId"] in workflows]
            if seen:
                found[connection_id] = [execution_message(channel, execution) for execution in seen]
        return found


def live_or_none() -> redis.Redis | None:
    """Return the Redis client of this function, or None where it has none."""
    return connect(redis_url()) if os.environ.get(URL) else None


def _channels(tenant_id: str, recorded: Recorded, told: list[dict[str, Any]]) -> list[str]:
    channels = [keys.execution_channel(execution_id) for execution_id in recorded.events]
    chats = (execution["id"] for execution in recorded.executions if execution["trigger"] == "chat")
    channels += [keys.chat_channel(id) for id in chats if id in recorded.events]
    channels += sorted({keys.workflow_channel(execution["workflowId"]) for execution in told})
    whole = [keys.tenant_channel(tenant_id), keys.narrowed_channel(tenant_id)] if told else []
    return [*channels, *whole]


def _by_connection(
    subscribers: dict[str, list[str]], recorded: Recorded, told: list[dict[str, Any]]
) -> dict[str, list[str]]:
    """Return what each connection is to be sent, in order."""
    outgoing: dict[str, list[str]] = {}
    for channel, connection_ids in subscribers.items():
        messages = _messages(channel, recorded, told)
        for connection_id in connection_ids:
            outgoing.setdefault(connection_id, []).extend(messages)
    return outgoing


def _sent(post: Post, connection_id: str, messages: list[str], limit: float) -> bool:
    """Whether a connection got all messages. After one that failed it gets no later ones, so it sees the gap."""
    try:
        for message in messages:
            if time.monotonic() > limit:
                logger().warning("pushing took too long; a connection will ask again", connection_id=connection_id)
                return False
            post.post(connection_id, message)
    except Gone:
        return False
    except OSError as error:
        logger().warning("a connection could not be reached", connection_id=connection_id, error=repr(error))
        return False
    return True


def _messages(channel: str, recorded: Recorded, told: list[dict[str, Any]]) -> list[str]:
    kind, _, id = channel.partition(":")
    if kind == "chat":
        # Its page asks the chat's function, which knows what a visitor may read.
        return [json.dumps({"type": "chat", "channel": channel, "lastSeq": recorded.events[id][-1]["seq"]})]
    if kind == "execution":
        return list(event_messages(channel, id, recorded.events[id]))
    return [
        execution_message(channel, execution) for execution in told if kind == "tenant" or execution["workflowId"] == id
    ]


def _is_told(recorded: Recorded, execution_id: str) -> bool:
    """Whether lists hear of an execution now: when it starts, when it waits for somebody, and when it ends."""
    events = recorded.events.get(execution_id, ())
    return any(event["seq"] == 1 or event["type"] in (*ENDS, EventType.NODE_WAITING) for event in events)
