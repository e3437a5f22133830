"""First pass: a document of any form to a `Workflow`, or diagnostics that name each field that is not of its shape."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import SCHEMA_VERSION, Workflow

MOST: Final = 100
"""Shape errors reported at once."""


def parse(document: Workflow | Mapping[str, Any] | str | bytes) -> tuple[Workflow | None, list[Diagnostic]]:
    """Return the workflow, or None and why not."""
    if isinstance(document, Workflow):
        return document, []
    data: Any = document
    if isinstance(document, str | bytes):
        try:
            data = json.loads(document)
        except ValueError as error:
            return None, [_shape("", f"This is not JSON: {error}.", "Export the workflow again.")]
    if isinstance(data, Mapping) and isinstance(data.get("schema"), int) and data["schema"] > SCHEMA_VERSION:
        message = f"The workflow has schema {data['schema']}; this Stepweave knows up to {SCHEMA_VERSION}."
        return None, [Diagnostic(code="newer_schema", message=message, remedy="Update Stepweave.", field="schema")]
    try:
        return Workflow.model_validate(data), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[:MOST]
        return None, [_of_entry(data, entry["loc"], entry["msg"]) for entry in found]


def _of_entry(data: Any, place: tuple[int | str, ...], message: str) -> Diagnostic:
    """Return the diagnostic of one field; within a node its id is named and the field is relative to it."""
    match place:
        case ("nodes", int(number), *rest):
            node_id = _id_at(data, "nodes", number)
            path = ".".join(map(str, rest if node_id else place))
            return _shape(path, f"{message}.", "Correct the field.", node_id=node_id)
        case ("edges", int(number), *_):
            return _shape(
                ".".join(map(str, place)), f"{message}.", "Correct the edge.", edge_id=_id_at(data, "edges", number)
            )
        case _:
            return _shape(".".join(map(str, place)), f"{message}.", "Correct the field.")


def _id_at(data: Any, name: str, number: int) -> str | None:
    try:
        found = data[name][number]["id"]
    except (KeyError, IndexError, TypeError):
        return None
    return found if isinstance(found, str) else None


def _shape(field: str, message: str, remedy: str, node_id: str | None = None, edge_id: str | None = None) -> Diagnostic:
    return Diagnostic(
        code="invalid_document", message=message, remedy=remedy, node_id=node_id, edge_id=edge_id, field=field or None
    )
