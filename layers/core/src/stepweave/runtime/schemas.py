"""JSON schemas made ready: nothing outside is read, patterns take linear time, and their work is bounded.

Needs the layer `schemas`; to be imported where a schema is used.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

import jsonschema_rs

from stepweave.model.depth import deeper_than
from stepweave.model.json_text import mended
from stepweave.runtime.errors import NodeError


class SchemaInvalid(NodeError):
    """The schema is none, refers to others, or would take too much work. `details.path` says where."""


MOST_BYTES: Final = 1_000_000
MOST_DEPTH: Final = 200
MOST_WORK: Final = 200_000
"""Subschemas that one value may be checked against, references followed."""
_PATTERN_BYTES: Final = 2_000_000
"""Memory of one compiled pattern."""
_DRAFTS: Final[dict[str, Callable[..., Any]]] = {
    "auto": jsonschema_rs.validator_for,
    "2020-12": jsonschema_rs.Draft202012Validator,
    "2019-09": jsonschema_rs.Draft201909Validator,
    "draft-07": jsonschema_rs.Draft7Validator,
    "draft-06": jsonschema_rs.Draft6Validator,
    "draft-04": jsonschema_rs.Draft4Validator,
}
_IN_PLACE: Final = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas")
"""Keywords whose schemas check the same value again, which is where references multiply."""


def ready(schema: Any, draft: str, *, formats: bool) -> Any:
    """Return the validator of a schema.

    Args:
        schema: as the parameter has it: an object, true, false, or JSON text.
        draft: `auto`, or one of `_DRAFTS`.
        formats: whether `format` counts.

    Raises:
        SchemaInvalid: it cannot be used.
    """
    schema = _read(schema)
    try:
        return _DRAFTS[draft](
            schema,
            validate_formats=formats,
            retriever=_refused,
            pattern_options=jsonschema_rs.RegexOptions(size_limit=_PATTERN_BYTES, dfa_size_limit=_PATTERN_BYTES),
        )
    except jsonschema_rs.ValidationError as error:
        place = "".join(f"/{part}" for part in error.instance_path)
        raise _invalid(_words(error.message), place) from None
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise _invalid(_words(str(error))) from None


def _read(schema: Any) -> Any:
    if isinstance(schema, str):
        if len(schema) > MOST_BYTES:
            raise _invalid(f"it has more than {MOST_BYTES:,} characters")
        try:
            schema = json.loads(schema)
        except (ValueError, RecursionError):
            raise _invalid("it is no JSON") from None
    if not isinstance(schema, dict | bool):
        raise _invalid("it is no object")
    if deeper_than(schema, MOST_DEPTH):
        raise _invalid(f"it is nested more than {MOST_DEPTH} deep")
    if len(json.dumps(schema)) > MOST_BYTES:
        raise _invalid(f"it has more than {MOST_BYTES:,} characters")
    schema, _ = mended(schema)
    _Work(schema).check()
    return schema


class _Work:
    """Counts the subschemas that one value is checked against, by reference and in place."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._known: dict[int, int] = {}

    def check(self) -> None:
        """Raise SchemaInvalid where any part of the schema takes more than `MOST_WORK`."""
        waiting = [self._root]
        while waiting:
            part = waiting.pop()
            if isinstance(part, dict):
                if self._of(part, 0) > MOST_WORK:
                    raise _invalid("its references multiply without end")
                waiting += part.values()
            elif isinstance(part, list):
                waiting += part

    def _of(self, schema: Any, depth: int) -> int:
        if not isinstance(schema, dict) or depth > MOST_DEPTH:
            return 1
        known = self._known.get(id(schema))
        if known is not None:
            return known
        self._known[id(schema)] = 1  # a circle comes back here
        work = 1 + sum(self._of(below, depth + 1) for below in self._below(schema))
        self._known[id(schema)] = min(work, MOST_WORK + 1)
        return self._known[id(schema)]

    def _below(self, schema: Mapping[str, Any]) -> list[Any]:
        found: list[Any] = []
        for name in _IN_PLACE:
            value = schema.get(name)
            found += value if isinstance(value, list) else [value]
        for name in ("$ref", "$dynamicRef", "$recursiveRef"):
            if isinstance(schema.get(name), str):
                found.append(self._at(schema[name]))
        return found

    def _at(self, pointer: str) -> Any:
        place = self._root
        for step in pointer.removeprefix("#").split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            if isinstance(place, dict):
                place = place.get(step)
            elif isinstance(place, list) and step.isdecimal() and int(step) < len(place):
                place = place[int(step)]
            else:
                return None
        return place if pointer.startswith("#") else None


def _refused(uri: str) -> NoReturn:
    raise ValueError(f"{uri} is another document")


def _words(text: str) -> str:
    first = text.strip().partition("\n")[0].rstrip(".")
    return first if len(first) <= 300 else first[:300] + "…"


def _invalid(what: str, path: str = "") -> SchemaInvalid:
    where = f" at {path}" if path else ""
    return SchemaInvalid(
        f"The schema cannot be used{where}: {what}.",
        "Mend the schema; put what it refers to into its $defs.",
        details={"field": "params.jsonSchema", "path": path},
    )
