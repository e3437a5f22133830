"""`stepweave audit verify`: the chain of a workspace's audit, computed from its export."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

from local.cli.running import CannotRun, Target, connected

_SAME: Final = ("seq", "id", "action", "actorKind", "actor", "userId", "keyId", "subject", "address", "agent",
                "requestId", "details", "before", "after")  # fmt: skip


async def verified(target: Target, expect: str = "") -> dict[str, Any]:
    """Return `{"ok", "entries", "head", "faults"}` of all entries. Raises ApiError, Unreachable, CannotRun."""
    seq, _, hash = expect.partition(":")
    if expect and not (seq.isascii() and seq.isdigit() and hash):
        raise CannotRun("--expect must be a number, a colon and a hash, as `entries` and `head` of an earlier check.")
    lines: list[dict[str, Any]] = []
    async with connected(target) as client:
        more: dict[str, int] = {}
        while True:
            page = await client.get("/audit/export", format="jsonl", **more)
            lines += [json.loads(line) for line in page["text"].split("\n") if line]
            if page["nextBefore"] is None:
                break
            more = {"before": page["nextBefore"]}
    faults = list(faults_of(reversed(lines)))
    if expect and not any((line["seq"], line["hash"]) == (int(seq), hash) for line in lines):
        faults.append({"seq": int(seq), "problem": "was not as --expect says"})
    head = lines[0] if lines else {"seq": 0, "hash": ""}
    return {"ok": not faults, "entries": head["seq"], "head": head["hash"], "faults": faults[:100]}


def faults_of(lines: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Give what does not fit in entries of an export, the first entry first: `{"seq", "problem"}`."""
    number, previous = 0, ""
    for line in lines:
        hashed = json.loads(line["hashed"])
        if line["seq"] != number + 1:
            yield {"seq": line["seq"], "problem": f"follows {number}"}
        elif hashed["previous"] != previous:
            yield {"seq": line["seq"], "problem": "is not bound to the entry before it"}
        elif hashlib.sha256(line["hashed"].encode()).hexdigest() != line["hash"]:
            yield {"seq": line["seq"], "problem": "has another hash"}
        elif any(hashed[name] != line[name] for name in _SAME):
            yield {"seq": line["seq"], "problem": "says something else than was hashed"}
        number, previous = line["seq"], line["hash"]
