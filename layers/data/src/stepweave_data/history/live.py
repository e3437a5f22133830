"""Who watches what, in Redis: connections, their channels, tickets, snapshots and waiting webhooks."""

import hashlib
import json
import secrets
import time
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple, TypedDict

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from stepweave.model.events import Event, EventType
from stepweave.model.json_text import write
from stepweave_data import redis_keys as keys
from stepweave_data import refused
from stepweave_data.history.folding import ENDS, RUN_STATES

SOCKET_SECONDS: Final = 2.0
ENDED: Final = frozenset(ENDS.values())
_NODE: Final = "node:"
"""What a node's field in a snapshot begins with."""


def connect(url: str) -> redis.Redis:
    """Return a client that decodes text, tries a broken connection once more, and gives up quickly."""
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=SOCKET_SECONDS,
        socket_connect_timeout=SOCKET_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )


class Watchers:
    """Connections and the channels they subscribed to. A subscription is a lease: who wants to keep it renews it."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def connected(self, connection_id: str, tenant_id: str, user_id: str) -> None:
        """Remember a new connection."""
        key = keys.connection(connection_id)
        with self._redis.pipeline() as pipe:
            pipe.hset(key, mapping={"tenantId": tenant_id, "userId": user_id})
            pipe.expire(key, keys.CONNECTION_SECONDS)
            pipe.sadd(keys.connections(user_id), connection_id)
            pipe.expire(keys.connections(user_id), keys.CONNECTION_SECONDS)
            pipe.execute()

    def subscribe(self, connection_id: str, channel: str) -> bool:
        """Add a channel to a connection, or renew its lease.

        Returns:
            Whether the connection had none: what was pushed before now did not reach it.
        """
        key, now = keys.subscribers(channel), time.time()
        with self._redis.pipeline() as pipe:
            pipe.zremrangebyscore(key, "-inf", now)
            pipe.zadd(key, {connection_id: now + keys.LEASE_SECONDS})
            pipe.expire(key, keys.LEASE_SECONDS)
            pipe.sadd(keys.connection_channels(connection_id), channel)
            pipe.expire(keys.connection_channels(connection_id), keys.CONNECTION_SECONDS)
            added = pipe.execute()[1]
        return bool(added)

    def narrow(self, connection_id: str, projects: Collection[str], workflows: Collection[str]) -> None:
        """Say what of its tenant a connection may watch, for as long as its lease holds."""
        text = json.dumps([sorted(projects), sorted(workflows)])
        self._redis.set(keys.connection_reach(connection_id), text, ex=keys.LEASE_SECONDS)

    def reaches(self, connection_ids: Sequence[str]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Return the projects and workflows that connections may watch; those of which it is not known are left out."""
        found = self._redis.mget([keys.connection_reach(id) for id in connection_ids]) if connection_ids else []
        told = {id: json.loads(text) for id, text in zip(connection_ids, found, strict=True) if text}
        return {id: (frozenset(projects), frozenset(workflows)) for id, (projects, workflows) in told.items()}

    def unsubscribe(self, connection_id: str, channel: str) -> None:
        """Take a channel from a connection."""
        with self._redis.pipeline() as pipe:
            pipe.zrem(keys.subscribers(channel), connection_id)
            pipe.srem(keys.connection_channels(connection_id), channel)
            pipe.execute()

    def gone(self, connection_id: str) -> None:
        """Forget a connection."""
        channels = self._redis.smembers(keys.connection_channels(connection_id))
        user_id = self._redis.hget(keys.connection(connection_id), "userId")
        with self._redis.pipeline() as pipe:
            if user_id:
                pipe.srem(keys.connections(str(user_id)), connection_id)
            for channel in channels:
                pipe.zrem(keys.subscribers(str(channel)), connection_id)
            pipe.delete(
                keys.connection(connection_id),
                keys.connection_channels(connection_id),
                keys.connection_reach(connection_id),
            )
            pipe.execute()

    def cut(self, user_id: str) -> None:
        """Take all channels from a user's connections: who may still watch is let in at the next renewal."""
        for connection_id in self._redis.smembers(keys.connections(user_id)):
            self.gone(str(connection_id))

    def take_ticket(self, digest: str) -> dict[str, str] | None:
        """Take a live ticket: it is good once. Returns tenantId, userId and sessionId ("" of a chat's), or None."""
        found = self._redis.getdel(keys.ticket(digest))
        ticket: dict[str, str] | None = json.loads(found) if found else None
        if ticket:
            self._redis.set(keys.ticket_taken(digest), ticket["tenantId"], ex=keys.TICKET_SECONDS)
        return ticket

    def refused_ticket(self, digest: str, address: str) -> None:
        """Count a ticket that let nobody in: one that was taken, for whose it was; else one that is none."""
        try:
            tenant_id = str(self._redis.get(keys.ticket_taken(digest)) or "")
        except redis.RedisError:
            tenant_id = ""
        kind = "ticket_used" if tenant_id else "ticket_invalid"
        refused.counting(self._redis).count(tenant_id, kind, {"address": address, "operation": "live"})


def give_ticket(client: redis.Redis, tenant_id: str, user_id: str, session_id: str = "") -> str:
    """Return a ticket for one WebSocket connection, good once and for `keys.TICKET_SECONDS`.

    Args:
        client: Redis.
        tenant_id: whose connection it is.
        user_id: who may watch what a member may; or a chat's channel, which is all that its holder may watch.
        session_id: with which the connection ends; "" for a chat's.

    Raises:
        redis.RedisError: there is none.
    """
    ticket = secrets.token_urlsafe(32)
    owner = {"tenantId": tenant_id, "userId": user_id, "sessionId": session_id}
    client.set(keys.ticket(hashlib.sha256(ticket.encode()).hexdigest()), json.dumps(owner), ex=keys.TICKET_SECONDS)
    return ticket


class Steps(TypedDict):
    """How far an execution is: how many of its nodes are done (succeeded or failed), run, and wait for something."""

    done: int
    running: int
    waiting: int


class Kept(NamedTuple):
    """Who watches each channel, and how far the executions are that were asked for, as far as Redis knows."""

    subscribers: dict[str, list[str]]
    steps: dict[str, Steps]


def keep_live(
    client: redis.Redis,
    events: dict[str, list[Event]],
    executions: list[dict[str, Any]],
    channels: Sequence[str],
    told: Sequence[str] = (),
    awaited: frozenset[str] = frozenset(),
) -> Kept:
    """Update snapshots and answer the webhooks that wait; return who watches, and how far the executions `told` are.

    All in one round trip.
    """
    with client.pipeline(transaction=False) as pipe:
        for execution in executions:
            fields: dict[Any, Any] = {"status": execution["status"], "lastSeq": execution["lastSeq"]}
            waits = execution["trigger"] == "webhook" and execution["machineType"] == "standard"
            waits = waits or execution["id"] in awaited
            for event in events.get(execution["id"], ()):
                if event["type"] in RUN_STATES:
                    fields[f"{_NODE}{event['nodeId']}"] = RUN_STATES[event["type"]]
                elif waits and (answer := _answer(event)) is not None:
                    pipe.rpush(keys.answer(execution["id"]), write(answer))
                    pipe.expire(keys.answer(execution["id"]), keys.ANSWER_SECONDS)
            pipe.hset(keys.snapshot(execution["id"]), mapping=fields)
            lasts = keys.ENDED_SECONDS if execution["status"] in ENDED else keys.SNAPSHOT_SECONDS
            pipe.expire(keys.snapshot(execution["id"]), lasts)
        for execution_id in told:
            pipe.hgetall(keys.snapshot(execution_id))
        now = time.time()
        for channel in channels:
            pipe.zrange(keys.subscribers(channel), f"({now}", "+inf", byscore=True)
        found = pipe.execute()
    watching = found[len(found) - len(channels) :]
    snapshots = found[len(found) - len(channels) - len(told) : len(found) - len(channels)]
    return Kept(
        dict(zip(channels, (sorted(members) for members in watching), strict=True)),
        dict(zip(told, map(_steps, snapshots), strict=True)),
    )


def steps_of(client: redis.Redis, execution_ids: Sequence[str]) -> dict[str, Steps]:
    """Return how far executions are, by their snapshots; those that Redis does not know are left out.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    if not execution_ids:
        return {}
    with client.pipeline(transaction=False) as pipe:
        for execution_id in execution_ids:
            pipe.hgetall(keys.snapshot(execution_id))
        found = pipe.execute()
    return {id: _steps(snapshot) for id, snapshot in zip(execution_ids, found, strict=True) if snapshot}


def _steps(snapshot: dict[str, str]) -> Steps:
    count = Counter(status for field, status in snapshot.items() if field.startswith(_NODE))
    return {
        "done": count["succeeded"] + count["failed"],
        "running": count["running"] + count["retrying"],
        "waiting": count["waiting"],
    }


def _answer(event: Event) -> dict[str, Any] | None:
    if event["type"] == EventType.EXECUTION_RESPONSE:
        return {"response": event.get("response")}
    if event["type"] in ENDS:
        told = {"response": event.get("response"), "error": event.get("error"), "last": event.get("output")}
        return {"ended": ENDS[event["type"]], **told}
    return None
