"""Parts items that fit a schema from those that do not."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from functions.nodes.flow.validate.spec import Params
from stepweave.model.items import Item
from stepweave.model.json_text import mended
from stepweave.runtime import Entry, Step
from stepweave.runtime.placing import placed
from stepweave.runtime.schemas import ready

_LONGEST: Final = 500
_NAME: Final = re.compile(r"[\w$-]+")
_PARTS: Final = {"~": "~0", "/": "~1"}


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items by the port that they go to."""
    made: list[tuple[Any, Any]] = []

    def work(entry: Entry[Params]) -> dict[str, list[Item]]:
        params = entry.params
        if not made or made[0][0] != params.json_schema:  # most often all items have the same
            made[:] = [(params.json_schema, ready(params.json_schema, params.draft, formats=params.formats))]
        data, _ = mended(entry.json if params.data is None else params.data)
        errors = _errors(made[0][1], data, params.most_errors)
        return {"invalid": [placed(entry.item, params.output_field, errors)]} if errors else {"valid": [entry.item]}

    return step.each(work)


def _errors(validator: Any, data: Any, most: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for error in validator.iter_errors(data):
        if len(found) == most:
            break
        place = tuple(error.instance_path)
        message = error.message if len(error.message) <= _LONGEST else error.message[:_LONGEST] + "…"
        found.append(
            {
                "path": _path(place),
                "pointer": "".join(f"/{_escaped(str(part))}" for part in place),
                "keyword": next((part for part in reversed(error.schema_path) if isinstance(part, str)), "false"),
                "message": message,
            }
        )
    return found


def _path(place: Sequence[str | int]) -> str:
    """Return a place as the product writes paths to fields: `lines[0].price`, `a["b.c"]`."""
    path = ""
    for part in place:
        if isinstance(part, int):
            path += f"[{part}]"
        elif _NAME.fullmatch(part):
            path += f".{part}" if path else part
        else:
            path += f"[{json.dumps(part, ensure_ascii=False)}]"
    return path


def _escaped(part: str) -> str:
    return "".join(_PARTS.get(one, one) for one in part)
