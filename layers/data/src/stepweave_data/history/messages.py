"""The messages that browsers get (docs/reference/contracts.md, "WebSocket"): small enough for one frame, in order."""

import json
from collections.abc import Iterator
from typing import Any, Final

from stepweave.model.events import Event

MOST_BYTES: Final = 30_000
"""API Gateway's WebSocket frames have 32 KB (quotas); a message in one frame is billed and pushed as one."""
_ROOM: Final = 500
_PREVIEWED: Final = 3


def event_messages(channel: str, execution_id: str, events: list[Event]) -> Iterator[str]:
    """Yield messages that carry `events`, each below `MOST_BYTES`; an event that is too large alone is cut."""
    part: list[str] = []
    size = 0
    for event in events:
        text = _fitted(event)
        if part and size + len(text) > MOST_BYTES - _ROOM:
            yield _message(channel, execution_id, part)
            part, size = [], 0
        part.append(text)
        size += len(text) + 1
    if part:
        yield _message(channel, execution_id, part)


def execution_message(channel: str, summary: dict[str, Any]) -> str:
    """Return the message that an execution started or ended."""
    return json.dumps({"type": "execution", "channel": channel, "execution": summary})


def _message(channel: str, execution_id: str, part: list[str]) -> str:
    head = json.dumps({"type": "events", "channel": channel, "executionId": execution_id})
    return f'{head[:-1]}, "events": [{",".join(part)}]}}'


def _fitted(event: Event) -> str:
    text = json.dumps(event, separators=(",", ":"))
    if len(text) <= MOST_BYTES - _ROOM:
        return text
    cut: dict[str, Any] = {**event, "truncated": True}
    for previewed in (_PREVIEWED, 0):
        for field in ("input", "output"):
            if field in event:
                cut[field] = _cut(event[field], previewed)
        text = json.dumps(cut, separators=(",", ":"))
        if len(text) <= MOST_BYTES - _ROOM:
            return text
    for field in ("data", "response", "error", "message"):
        cut.pop(field, None)
    return json.dumps(cut, separators=(",", ":"))


def _cut(ports: dict[str, Any], previewed: int) -> dict[str, Any]:
    return {
        port: [_batch(batch, previewed) for batch in content]
        if isinstance(content, list)
        else _batch(content, previewed)
        for port, content in ports.items()
    }


def _batch(batch: dict[str, Any], previewed: int) -> dict[str, Any]:
    items = batch.get("items") or batch.get("preview") or []
    return {"count": batch.get("count", len(items)), "preview": items[:previewed], "truncated": True}
