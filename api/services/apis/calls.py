"""Nodes that ask an API: what they may choose, what is wrong with them, and the operation that a machine carries."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from api import codes
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services.tokens import Principal
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.model.workflow import Node, Workflow
from stepweave.runtime.options import Option, Options, written
from stepweave.spec.api_operations import ApiCall, ApiOperation
from stepweave_data.models import Api

TYPE: Final = "api_operation"
"""The type of the nodes that ask."""


def with_operations(
    principal: Principal, document: dict[str, Any], given: Collection[str] = frozenset()
) -> dict[str, Any]:
    """Return a document whose nodes carry the operations that they name, so that they need no document to run.

    Args:
        principal: who asks.
        document: of the workflow.
        given: ids of nodes that do not run, as what they give is known.

    Raises:
        Refused: `workflow_invalid` where an API or an operation is not there.
    """
    nodes = [node for node in _asking(document) if node.id not in given]
    if not nodes:
        return document
    known = _apis(principal, nodes)
    wrong = [one for node in nodes for one in _problems(node, known)]
    if wrong:
        raise Refused(
            codes.WORKFLOW_INVALID,
            "The workflow has errors; see the diagnostics.",
            diagnostics=[one.to_json() for one in wrong],
        )
    calls = {node.id: call for node in nodes if (call := _call(node, known)) is not None}
    return {**document, "nodes": [_carrying(node, calls.get(str(node.get("id")))) for node in document["nodes"]]}


def problems(principal: Principal, document: dict[str, Any]) -> list[Diagnostic]:
    """Return which nodes ask for what is not there; nothing for a document that is none."""
    nodes = _asking(document)
    if not nodes:
        return []
    known = _apis(principal, nodes)
    return [one for node in nodes for one in _problems(node, known)]


def choices(principal: Principal, loader: str, told: Mapping[str, Any], search: str) -> dict[str, Any]:
    """Return what a field of the node may be, as a node's function answers the ask `options`."""
    with rows_of(principal.tenant_id) as rows:
        if loader == "apis":
            return written(Options([Option(str(id), name, base_url) for id, name, base_url in rows.apis.names()]))
        id = _uuid(told.get("api"))
        api = rows.apis.some([id]).get(id) if id else None
        operations = api.operations if api is not None else []
    if loader == "operations":
        return written(Options(_named(operations, search)))
    found = next((one for one in operations if one["id"] == told.get("operation")), None)
    if found is None:
        return written(Options([]))
    operation = ApiOperation.model_validate(found)
    fields = operation.in_body() if loader == "body" else operation.beside_body()
    return written(Options([Option(one.name, detail=one.words, required=one.required) for one in fields]))


def _named(operations: list[dict[str, Any]], search: str) -> Iterator[Option]:
    words = search.lower().split()
    for one in operations:
        text = " ".join(one[name] for name in ("label", "id", "method", "path", "group")).lower()
        if all(word in text for word in words):
            old = "no longer to be used: " if one["deprecated"] else ""
            yield Option(one["id"], one["label"] or one["id"], f"{old}{one['method']} {one['path']}")


def _asking(document: dict[str, Any]) -> list[Node]:
    given = document.get("nodes")
    if not isinstance(given, list) or not any(isinstance(node, dict) and node.get("type") == TYPE for node in given):
        return []
    try:
        nodes = Workflow.model_validate(document).nodes
    except ValidationError:
        return []
    return [node for node in nodes if node.type == TYPE and not node.settings.disabled]


def _apis(principal: Principal, nodes: list[Node]) -> dict[uuid.UUID, Api]:
    ids = {id for node in nodes if (id := _uuid(node.params.get("api"))) is not None}
    with rows_of(principal.tenant_id) as rows:
        return rows.apis.some(ids)


def _call(node: Node, known: Mapping[uuid.UUID, Api]) -> ApiCall | None:
    id = _uuid(node.params.get("api"))
    api = known.get(id) if id else None
    if api is None:
        return None
    named = node.params.get("operation")
    found = next((one for one in api.operations if one["id"] == named), None)
    if found is None:
        return None
    operation = ApiOperation.model_validate(found)
    bare = operation.model_copy(
        update={
            "words": "",
            "fields": [one.model_copy(update={"words": ""}) for one in operation.fields],
            "answers": [],
        }
    )
    return ApiCall(api=api.name, base_url=operation.base_url or api.base_url, operation=bare)


def _problems(node: Node, known: Mapping[uuid.UUID, Api]) -> Iterator[Diagnostic]:
    """Yield what is wrong with a node whose fields are filled in; what is missing the compiler says."""
    text, named = node.params.get("api"), node.params.get("operation")
    if not text or not named:
        return
    id = _uuid(text)
    api = known.get(id) if id else None
    if api is None:
        yield _wrong(node, "api_missing", "api", "This workspace has no such API.", "Choose one, or add it under APIs.")
    elif not any(one["id"] == named for one in api.operations):
        words = f"{api.name!r} has no operation {str(named)[:100]!r}."
        yield _wrong(node, "api_operation_missing", "operation", words, "Choose one of its operations.")


def _wrong(node: Node, code: str, field: str, words: str, remedy: str) -> Diagnostic:
    return Diagnostic(
        code=code,
        severity=Severity.ERROR,
        message=f"{node.name!r}: {words}",
        remedy=remedy,
        node_id=node.id,
        field=f"params.{field}",
    )


def _carrying(node: dict[str, Any], call: ApiCall | None) -> dict[str, Any]:
    return node if call is None else {**node, "params": {**node["params"], "operation": call.to_json()}}


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
