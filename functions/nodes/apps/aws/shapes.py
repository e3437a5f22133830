"""Parameters of an operation, from JSON to what botocore sends: checked against its model before anything is sent.

Text stands for bytes as UTF-8; `{"base64": "..."}` gives any bytes, and `{"file": "data"}` those of an item's file.
Times are ISO texts, or seconds since 1970.
"""

import base64
import binascii
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from stepweave.runtime.errors import NodeError, ParameterInvalid

MOST_DEPTH: Final = 50
_MOST_TOLD: Final = 8
_KINDS: Final = {
    "structure": "an object",
    "map": "an object",
    "list": "a list",
    "string": "text",
    "character": "text",
    "integer": "a whole number",
    "long": "a whole number",
    "float": "a number",
    "double": "a number",
    "boolean": "true or false",
    "timestamp": "a time (2026-11-30T09:00:00Z, or seconds since 1970)",
    "blob": 'text, {"base64": "..."} or {"file": "data"}',
}
_SHORT: Final = {
    "string": "text",
    "integer": "number",
    "long": "number",
    "float": "number",
    "double": "number",
    "timestamp": "time",
    "blob": "bytes",
}
_UNSET: Final = object()


@dataclass
class Preparing:
    """Reads parameters by a model, and gathers what is wrong with them.

    Attributes:
        open_file: gives the bytes of a file by its name; raises NodeError.
        token: gives a value for members that make a call idempotent, by their names.
        wrong: what is wrong, each with its path.
    """

    open_file: Callable[[Any], bytes]
    token: Callable[[str], str]
    wrong: list[str] = field(default_factory=list)

    def value(self, shape: Any, value: Any, path: str, depth: int = 0) -> Any:
        """Return a value as botocore takes it; what is wrong is noted, and anything returned in its place."""
        if depth > MOST_DEPTH:
            return self._wrong(path, f"is nested more than {MOST_DEPTH} deep")
        if getattr(shape, "is_document_type", False) or shape.serialization.get("jsonvalue"):
            return value
        read = getattr(self, f"_{shape.type_name}", None)
        if read is None:
            return value
        found = read(shape, value, path, depth)
        return (
            self._wrong(path, f"must be {_KINDS[shape.type_name]}, not {_kind_of(value)}") if found is _UNSET else found
        )

    def _wrong(self, path: str, words: str) -> None:
        self.wrong.append(f"{path or 'The parameters'} {words}")

    def _structure(self, shape: Any, value: Any, path: str, depth: int) -> Any:
        if not isinstance(value, Mapping):
            return _UNSET
        made = {}
        for name, one in value.items():
            if name not in shape.members:
                self._unknown(shape, name, path)
            elif one is not None:
                made[name] = self.value(shape.members[name], one, _inside(path, name), depth + 1)
        for name, member in shape.members.items():
            if name not in value and member.metadata.get("idempotencyToken"):
                made[name] = self.token(name)
        for name in shape.required_members:
            if name not in made:
                kind = _KINDS.get(shape.members[name].type_name, "given")
                self._wrong(_inside(path, name), f"is missing: it must be {kind}")
        if getattr(shape, "is_tagged_union", False) and len(made) != 1:
            self._wrong(path, f"must have exactly one of {', '.join(shape.members)}, not {len(made)}")
        return made

    def _unknown(self, shape: Any, name: str, path: str) -> None:
        near = _near(name, shape.members)
        there = ", ".join(list(shape.members)[:30]) or "none"
        hint = f"did you mean {near}?" if near else f"there are {there}"
        self._wrong(_inside(path, name), f"is no parameter ({hint})")

    def _list(self, shape: Any, value: Any, path: str, depth: int) -> Any:
        if not isinstance(value, list):
            return _UNSET
        return [self.value(shape.member, one, f"{path}[{index}]", depth + 1) for index, one in enumerate(value)]

    def _map(self, shape: Any, value: Any, path: str, depth: int) -> Any:
        if not isinstance(value, Mapping):
            return _UNSET
        return {name: self.value(shape.value, one, _inside(path, name), depth + 1) for name, one in value.items()}

    def _string(self, shape: Any, value: Any, path: str, depth: int) -> Any:
        return value if isinstance(value, str) else _UNSET

    _character = _string

    def _integer(self, shape: Any, value: Any, path: str, depth: int) -> Any:
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return value if isinstance(value, int) and not isinstance(value, bool) else _UNSET

    _long = _integer

    def _double(self, shape: Any, value: Any, path: str, depth: int) -> Any:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if is_number and math.isfinite(value) else _UNSET

    _float = _double

    def _boolean(self, shape: Any, value: Any, path: str, depth: int) -> Any:
        return value if isinstance(value, bool) else _UNSET

    def _timestamp(self, shape: Any, value: Any, path: str, depth: int) -> Any:
        try:
            if isinstance(value, str):
                at = datetime.fromisoformat(value.strip())
                return at if at.tzinfo else at.replace(tzinfo=UTC)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            return _UNSET
        return _UNSET

    def _blob(self, shape: Any, value: Any, path: str, depth: int) -> Any:
        if isinstance(value, str):
            return value.encode("utf-8", "replace")
        if isinstance(value, Mapping) and set(value) == {"file"}:
            try:
                return self.open_file(value["file"])
            except NodeError as error:
                return self._wrong(path, f"names no file: {error.message}")
        if isinstance(value, Mapping) and set(value) == {"base64"} and isinstance(value["base64"], str):
            try:
                return base64.b64decode("".join(value["base64"].split()), validate=True)
            except (ValueError, binascii.Error):
                return self._wrong(path, "is no Base64")
        return _UNSET


def prepared(shape: Any, given: Any, preparing: Preparing, *, operation: str, field: str) -> dict[str, Any]:
    """Return an operation's parameters as botocore takes them.

    Args:
        shape: of its input; None where it takes nothing.
        given: what the node has, JSON data.
        preparing: what reads it.
        operation: its name, for errors.
        field: the node's parameter that has it, for errors.

    Raises:
        ParameterInvalid: something is unknown, missing or of another type; the message names each by its path.
    """
    if shape is None:
        found: Any = {}
        preparing.wrong += [f"{name} is no parameter: the operation has none" for name in given or {}]
    else:
        found = preparing.value(shape, {} if given is None else given, "")
    if preparing.wrong:
        told = "; ".join(preparing.wrong[:_MOST_TOLD])
        more = len(preparing.wrong) - _MOST_TOLD
        said = f"{told}; and {more} more" if more > 0 else told
        remedy = f"Its parameters: {skeleton(shape)}" if shape is not None else "Leave the parameters empty."
        raise ParameterInvalid(f"{operation}: {said}.", remedy, details={"field": field})
    return dict(found)


def from_text(shape: Any, value: Any) -> Any:
    """Return the value that a text in a form's row stands for: by the model a number, a truth value, or JSON."""
    if not isinstance(value, str) or shape.type_name in ("string", "character", "timestamp"):
        return value
    text = value.strip()
    if shape.type_name == "blob" and not text.startswith("{"):
        return value
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return value
    is_bytes = isinstance(read, dict) and set(read) in ({"base64"}, {"file"})
    return value if shape.type_name == "blob" and not is_bytes else read


def skeleton(shape: Any, most: int = 900) -> str:
    """Return what parameters of a shape look like, as one reads it: `{Bucket*: text, Key*: text, ...}`; * is a must."""
    text = f"{{{', '.join(_members(shape, 2))}}}"
    return text if len(text) <= most else f"{text[: most - 1]}…"


def described(shape: Any, depth: int = 2) -> str:
    """Return what a value of a shape looks like, in short: `list of {Id*: text, MessageBody*: text}`."""
    if shape.type_name == "structure":
        return f"{{{', '.join(_members(shape, depth - 1))}}}" if depth > 0 else "object"
    if shape.type_name == "list":
        return f"list of {described(shape.member, depth)}"
    if shape.type_name == "map":
        return f"object of {described(shape.value, depth)}"
    if enum := getattr(shape, "enum", None):
        return " | ".join(enum[:8]) + (" | …" if len(enum) > 8 else "")
    return _SHORT.get(shape.type_name, str(shape.type_name))


def _members(shape: Any, depth: int) -> Iterator[str]:
    for name in sorted(shape.members, key=lambda one: one not in shape.required_members):
        must = "*" if name in shape.required_members else ""
        yield f"{name}{must}: {described(shape.members[name], depth - 1)}"


def _inside(path: str, name: Any) -> str:
    return f"{path}.{name}" if path else str(name)


def _near(name: str, members: Mapping[str, Any]) -> str:
    plain = {one.lower().replace("_", ""): one for one in members}
    found = plain.get(str(name).lower().replace("_", "").replace("-", ""))
    if found:
        return found
    from difflib import get_close_matches

    return next(iter(get_close_matches(str(name), list(members), 1, 0.75)), "")


def _kind_of(value: Any) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return "null" if value is None else kinds.get(type(value), type(value).__name__)
