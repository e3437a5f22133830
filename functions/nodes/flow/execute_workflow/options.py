"""The fields that the chosen workflow expects, for the editor to fill in."""

import json
from collections.abc import Mapping
from typing import Any, Final

from stepweave.runtime import Asked
from stepweave.runtime.calling import ask_about, declared
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted


def inputs(asked: Asked, wanted: Wanted) -> Options:
    """Return the fields that the published version of the workflow declares, each with its type."""
    return inputs_by(asked, ask_about)


def inputs_by(asked: Asked, ask: Any) -> Options:
    """Do the loader's work. `ask` asks the starter."""
    workflow_id = str(asked.param("workflowId") or "")
    found = declared(asked.who, workflow_id, asked.remaining(), ask)
    return Options([Option(one.name, detail=_detail(one), required=one.needed) for one in found])


def _detail(one: Any) -> str:
    parts = [_WORDS[one.type], "required" if one.needed else "optional"]
    if one.default is not None:
        parts[1] = f"{json.dumps(one.default, ensure_ascii=False)[:60]} by default"
    return ", ".join(parts) + (f": {one.description}" if one.description else "")


_WORDS: Final = {
    "any": "anything",
    "text": "text",
    "number": "number",
    "boolean": "true or false",
    "date": "date",
    "list": "list",
    "object": "object",
}
LOADERS: Final[Mapping[str, LoadOptions]] = {"inputs": inputs}
