"""First pass: a document of any form to a `Workflow`, or diagnostics that name each field that is not of its shape."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from stepweave.compiler.result import Rejected
from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import SCHEMA_VERSION, Workflow

MOST: Final = 100
"""Shape errors reported at once."""


Document = Workflow | Mapping[str, Any] | str | bytes
"""A workflow as a model, as JSON data or as JSON text."""


@dataclass(frozen=True)
class Parsed:
    """A document of the right shape."""

    workflow: Workflow


def parse(document: Document) -> Parsed | Rejected:
    """Return the workflow that a document is, or why it is none."""
    if isinstance(document, Workflow):
        return Parsed(document)
    data: Any = document
    if isinstance(document, str | bytes):
        try:
            data = json.loads(document)
        except ValueError as error:
            return Rejected((_shape("", f"This is not JSON: {error}.", "Export the workflow again."),))
    if isinstance(data, Mapping) and isinstance(data.get("schema"), int) and data["schema"] > SCHEMA_VERSION:
        message = f"The workflow has schema {data['schema']}; this Stepweave knows up to {SCHEMA_VERSION}."
        newer = Diagnostic(code="newer_schema", message=message, remedy="Update Stepweave.", field="schema")
        return Rejected((newer,))
    try:
        return Parsed(Workflow.model_validate(data))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[:MOST]
        return Rejected(tuple(_of_entry(data, entry["loc"], entry["msg"]) for entry in found))


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
