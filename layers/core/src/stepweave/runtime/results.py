"""From what a node's behaviour gives back to what the state machine keeps: checked, encoded, and stored where large."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from stepweave.model.depth import deeper_than
from stepweave.model.events import ErrorInfo
from stepweave.model.items import Batch, Item, NodeOutput
from stepweave.model.json_text import MOST_DEPTH as MOST_DEPTH_IN
from stepweave.model.json_text import REPLACEMENT, mended
from stepweave.runtime.claims import Claims, encode
from stepweave.runtime.errors import ResultInvalid
from stepweave.runtime.previews import PREVIEW_BYTES

MOST_DEPTH: Final = MOST_DEPTH_IN + 20
"""Lists and objects in one another in an item's JSON: as many as may come in, and some around them. pydantic writes
255, of which answers need some themselves."""
_REPLACEMENT: Final = REPLACEMENT.encode()
ERROR_PORT: Final = "error"
"""The port that items take whose step failed, where `onError` is `branch`."""


def checked(result: Mapping[str, Iterable[Item]], ports: Iterable[str]) -> dict[str, list[Item]]:
    """Return a node's result with lists as values.

    Args:
        result: port -> items, as `run` gave it.
        ports: the node's output ports.

    Raises:
        ResultInvalid: a port the node does not have, or something that is no item.
    """
    known = {*ports, ERROR_PORT}
    checked_result: dict[str, list[Item]] = {}
    for port, items in result.items():
        if port not in known:
            raise ResultInvalid(f"The node gave items to a port it does not have: {port}.")
        checked_result[port] = list(items)
        for index, entry in enumerate(checked_result[port]):
            if problem := item_problem(entry):
                raise ResultInvalid(f"Item {index} on port {port} is not an item: {problem}.")
    return checked_result


def error_item(error: ErrorInfo, item: Item) -> Item:
    """Return an item with the error of the step that it failed in."""
    return {**item, "json": {**item["json"], "error": error}}


def item_problem(entry: Any) -> str:
    """Return what keeps something from being an item; empty where nothing does."""
    if not isinstance(entry, dict) or not isinstance(entry.get("json"), dict):
        return "it has no `json` object"
    if unknown := entry.keys() - {"json", "binary", "origin"}:
        return f"unknown key {sorted(map(str, unknown))[0]}"
    binary = entry.get("binary", {})
    if not isinstance(binary, dict) or not all(isinstance(ref, dict) and "key" in ref for ref in binary.values()):
        return "`binary` must map names to references"
    return ""


def stored(
    result: Mapping[str, list[Item]],
    claims: Claims,
    key: str,
    inline_limit: int,
    tell_mended: Callable[[list[str]], None] | None = None,
) -> NodeOutput:
    """Return a node's output: its live ports with their items, or references to them.

    Args:
        result: port -> items; ports without items are dead and left out.
        claims: where large batches go.
        key: what their keys start with; the port's name and `.json` follow.
        inline_limit: bytes of JSON that may stay inline, for all ports together.
        tell_mended: is told the places where text was mended that not every part can carry: `[index].json.field`.

    Raises:
        ResultInvalid: not JSON data, or nested deeper than `MOST_DEPTH`.
        DataTooLarge: a batch is larger than can be stored.
        StorageUnavailable: S3 could not be reached.
    """
    live = {port: items for port, items in result.items() if items}
    encoded = {port: encode(items) for port, items in live.items()}
    for port, content in encoded.items():
        if content.count(b"{") + content.count(b"[") > MOST_DEPTH:  # else it cannot be that deep
            _check_depth(port, live[port])
        if _REPLACEMENT in content:  # the items themselves may hold what their JSON does not
            live[port], places = mended(live[port])
            if places and tell_mended is not None:
                tell_mended(places)
    inline = sum(map(len, encoded.values()))
    output: NodeOutput = {}
    for port in sorted(live, key=lambda name: -len(encoded[name])):
        if inline > inline_limit:
            inline -= len(encoded[port])
            preview_bytes = min(PREVIEW_BYTES, inline_limit // (4 * len(live)))
            output[port] = claims.store(f"{key}-{port}.json", live[port], encoded[port], preview_bytes)
        else:
            kept: Batch = {"count": len(live[port]), "items": live[port]}
            output[port] = kept
    return {port: output[port] for port in live}


def _check_depth(port: str, items: list[Item]) -> None:
    if not deeper_than(items, MOST_DEPTH + 2):  # the list, and the item around its JSON
        return
    index = next(index for index, entry in enumerate(items) if deeper_than(entry, MOST_DEPTH + 1))
    raise ResultInvalid(
        f"Item {index} on port {port} has lists and objects nested more than {MOST_DEPTH} deep.",
        "Give back flatter data, or deep data as text (JSON.stringify).",
    )
