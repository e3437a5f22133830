"""What the triggers of Google's apps share."""

import hashlib
import io
import json
import time
from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from stepweave.model.items import BinaryRef
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.polling import Thing
from stepweave.spec.operations import App, RequestSpec

_MOST_BYTES: Final = 2_500_000
"""Of an answer's items, of which 4 MB may be sent."""


def asker(app: App, asked: Asked) -> Callable[..., Any]:
    """Return what asks an app with the trigger's credential, by a request and values for it, for the answer's JSON."""

    def ask(request: RequestSpec, **values: Any) -> Any:
        return asking(app, asked, str(asked.param("credential") or ""), request, values).answer().body

    return ask


def read_while_time_is(
    asked: Asked, things: Sequence[Thing], read: Callable[[Thing], tuple[dict[str, Any], dict[str, Any]] | None]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """Return the items of things, their files, and how many things were read; at least one is, the others come next.

    Args:
        asked: the ask.
        things: what is new, in order.
        read: returns an item and its files; None for what is gone.
    """
    ends = time.monotonic() + asked.remaining() / 2
    items: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    size = 0
    for done, thing in enumerate(things):
        if done and time.monotonic() > ends:
            return items, files, done
        found = read(thing)
        if found is None:
            continue
        size += len(json.dumps(found[0]))
        if size > _MOST_BYTES and items:
            return items, files, done
        items.append(found[0])
        files.append(found[1])
    return items, files, len(things)


def kept(asked: Asked, place: str, content: bytes, name: str, mime_type: str) -> BinaryRef:
    """Store bytes that a poll found, always at the same place, and return the reference."""
    digest = hashlib.sha256(content).hexdigest()
    node = asked.node["id"]
    key = f"{uuid5(NAMESPACE_OID, f'{asked.workflow_id} {node} {place}')}/{node or 'item'}"
    return asked.store_file(
        key, io.BytesIO(content), size=len(content), sha256=digest, mime_type=mime_type, file_name=name
    )
