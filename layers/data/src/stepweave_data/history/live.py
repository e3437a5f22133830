"""Who watches what, in Redis: connections, their channels, tickets, snapshots and waiting webhooks."""

import json
from collections.abc import Iterable
from typing import Any, Final

import redis

from stepweave.model.events import Event, EventType
from stepweave_data import redis_keys as keys
from stepweave_data.history.folding import ENDS, RUN_STATES

SOCKET_SECONDS: Final = 2.0


def connect(url: str) -> redis.Redis:
    """Return a client that decodes text and gives up quickly."""
    return redis.Redis.from_url(
        url, decode_responses=True, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=SOCKET_SECONDS
    )


class Watchers:
    """Connections and the channels they subscribed to."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def connected(self, connection_id: str, tenant_id: str, user_id: str) -> None:
        """Remember a new connection."""
        key = keys.connection(connection_id)
        with self._redis.pipeline() as pipe:
            pipe.hset(key, mapping={"tenantId": tenant_id, "userId": user_id})
            pipe.expire(key, keys.CONNECTION_SECONDS)
            pipe.execute()

    def tenant_of(self, connection_id: str) -> str | None:
        """Return a connection's tenant, or None where it is not known (any more)."""
        found = self._redis.hget(keys.connection(connection_id), "tenantId")
        return str(found) if found else None

    def subscribe(self, connection_id: str, channel: str) -> None:
        """Add a channel to a connection."""
        with self._redis.pipeline() as pipe:
            for key, member in (
                (keys.subscribers(channel), connection_id),
                (keys.connection_channels(connection_id), channel),
            ):
                pipe.sadd(key, member)
                pipe.expire(key, keys.CONNECTION_SECONDS)
            pipe.execute()

    def unsubscribe(self, connection_id: str, channel: str) -> None:
        """Take a channel from a connection."""
        with self._redis.pipeline() as pipe:
            pipe.srem(keys.subscribers(channel), connection_id)
            pipe.srem(keys.connection_channels(connection_id), channel)
            pipe.execute()

    def gone(self, connection_id: str) -> None:
        """Forget a connection."""
        channels = self._redis.smembers(keys.connection_channels(connection_id))
        with self._redis.pipeline() as pipe:
            for channel in channels:
                pipe.srem(keys.subscribers(str(channel)), connection_id)
            pipe.delete(keys.connection(connection_id), keys.connection_channels(connection_id))
            pipe.execute()

    def of(self, channels: Iterable[str]) -> dict[str, list[str]]:
        """Return the connections of each channel, in one round trip."""
        wanted = list(channels)
        with self._redis.pipeline(transaction=False) as pipe:
            for channel in wanted:
                pipe.smembers(keys.subscribers(channel))
            return dict(zip(wanted, (sorted(found) for found in pipe.execute()), strict=True))

    def take_ticket(self, digest: str) -> dict[str, str] | None:
        """Take a live ticket: it is good once. Returns tenantId and userId, or None."""
        found = self._redis.getdel(keys.ticket(digest))
        ticket: dict[str, str] | None = json.loads(found) if found else None
        return ticket


def keep_live(client: redis.Redis, events: dict[str, list[Event]], executions: list[dict[str, Any]]) -> None:
    """Update the snapshots and answer the webhooks that wait, in one round trip."""
    with client.pipeline(transaction=False) as pipe:
        for execution in executions:
            fields: dict[Any, Any] = {"status": execution["status"], "lastSeq": execution["lastSeq"]}
            for event in events.get(execution["id"], ()):
                kind = EventType(event["type"])
                if kind in RUN_STATES:
                    fields[f"node:{event.get('nodeId')}"] = RUN_STATES[kind]
                answer = _answer(kind, event)
                if answer is not None:
                    pipe.rpush(keys.answer(execution["id"]), json.dumps(answer))
                    pipe.expire(keys.answer(execution["id"]), keys.ANSWER_SECONDS)
            pipe.hset(keys.snapshot(execution["id"]), mapping=fields)
            pipe.expire(keys.snapshot(execution["id"]), keys.SNAPSHOT_SECONDS)
        pipe.execute()


def _answer(kind: EventType, event: Event) -> dict[str, Any] | None:
    if kind is EventType.EXECUTION_RESPONSE:
        return {"response": event.get("response")}
    if kind in ENDS:
        told = {"response": event.get("response"), "error": event.get("error"), "last": event.get("output")}
        return {"ended": ENDS[kind], **told}
    return None
