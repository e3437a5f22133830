"""The messages that browsers get (docs/reference/contracts.md, "WebSocket"): small enough for one frame, in order."""

import json
from collections.abc import Iterator
from typing import Any, Final

from stepweave.model.events import Event

MOST_BYTES: Final = 30_000
"""API Gateway's WebSocket frames have 32 KB (quotas); a message in one frame is billed and pushed as one."""
_ROOM: Final = 500
_PREVIEWED: Final = 3
_LONGEST_TEXT: Final = 1_000
"""Characters that are left of a text in an event that is too large; JSON takes up to 12 bytes for each (emoji)."""
_NEVER_CUT: Final = frozenset(
    ("id", "seq", "type", "at", "nodeId", "attempt", "iteration", "durationMs", "native", "level", "truncated")
)
"""Small, and without them the event says nothing."""


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
    cut = {field: value if field in _NEVER_CUT else _shortened(value) for field, value in cut.items()}
    sizes = {field: len(json.dumps(value)) for field, value in cut.items() if field not in _NEVER_CUT}
    for field in sorted(sizes, key=lambda field: sizes[field], reverse=True):
        text = json.dumps(cut, separators=(",", ":"))
        if len(text) <= MOST_BYTES - _ROOM:
            return text
        del cut[field]
    return json.dumps(cut, separators=(",", ":"))


def _shortened(value: Any) -> Any:
    """Return a value with its long texts cut."""
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return value[:_LONGEST_TEXT] + "…"
    if isinstance(value, dict):
        return {key: _shortened(inner) for key, inner in value.items()}
    return [_shortened(inner) for inner in value] if isinstance(value, list) else value


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
