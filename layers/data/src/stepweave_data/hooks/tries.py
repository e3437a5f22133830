"""Test URLs: who listens there for a call of a draft's webhook or form. In Redis alone: who loses it listens again."""

import json
import time
from dataclasses import dataclass
from typing import Any, TypedDict, cast

import redis

from stepweave.model.items import INLINE_LIMIT, Item
from stepweave.runtime.claims import Claims, encode
from stepweave_data import redis_keys as keys


class Try(TypedDict):
    """A webhook or a form (`page_places`) of a draft that listens.

    `until` is in seconds of the epoch; `target` is as a published one's.
    """

    tenantId: str
    workflowId: str
    nodeId: str
    userId: str
    until: float
    path: str
    methods: list[str]
    target: dict[str, Any]


@dataclass(frozen=True)
class Tries:
    """Those of all workspaces. Every method raises redis.RedisError."""

    client: redis.Redis

    def begin(self, slug: str, id: str, it: Try) -> None:
        """Listen."""
        key = keys.hook_tries(slug)
        with self.client.pipeline() as pipe:
            pipe.hset(key, id, json.dumps(it))
            pipe.expire(key, keys.TRY_SECONDS)
            pipe.execute()

    def of(self, slug: str) -> dict[str, Try]:
        """Return who listens in a workspace, the latest first; what is over is forgotten."""
        key, now = keys.hook_tries(slug), time.time()
        found = {
            id: cast("Try", json.loads(text)) for id, text in cast("dict[str, str]", self.client.hgetall(key)).items()
        }
        over = [id for id, it in found.items() if it["until"] + keys.CLAIM_SECONDS < now]
        if over:
            self.client.hdel(key, *over)
        live = [(id, it) for id, it in found.items() if it["until"] > now]
        return dict(sorted(live, key=lambda pair: -pair[1]["until"]))

    def find(self, slug: str, id: str) -> Try | None:
        """Return one, also one whose time is over."""
        text = self.client.hget(keys.hook_tries(slug), id)
        return cast("Try", json.loads(str(text))) if text else None

    def hear(self, slug: str, id: str, batch: Any) -> bool:
        """Keep what one hears, who then listens no more. Return whether it is the first."""
        if not self.client.set(keys.hook_heard(id), json.dumps(batch), nx=True, ex=keys.TRY_SECONDS):
            return False
        if it := self.find(slug, id):
            self.client.hset(keys.hook_tries(slug), id, json.dumps({**it, "until": time.time()}))
        return True

    def hear_item(self, slug: str, id: str, place: str, item: Item, claims: Claims) -> bool:
        """Keep an item, in the storage where it is large. Return whether it is the first.

        Args:
            slug: of the workspace.
            id: who hears.
            place: what the keys of its stored data begin with.
            item: what came.
            claims: where large data lies.

        Raises:
            NodeError: it is no JSON data, or could not be stored.
        """
        encoded = encode([item])
        small = len(encoded) <= INLINE_LIMIT
        batch = {"count": 1, "items": [item]} if small else claims.store(f"{place}main.json", [item], encoded)
        return self.hear(slug, id, batch)

    def heard(self, id: str) -> Any:
        """Return what one heard (a batch of items), or None."""
        text = self.client.get(keys.hook_heard(id))
        return json.loads(str(text)) if text else None

    def stop(self, slug: str, id: str) -> None:
        """Forget one."""
        with self.client.pipeline() as pipe:
            pipe.hdel(keys.hook_tries(slug), id)
            pipe.delete(keys.hook_heard(id))
            pipe.execute()
