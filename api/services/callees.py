"""Whether what a workflow's nodes send to other workflows fits what their published versions expect.

What is found are warnings: the other workflow may be published in a moment, and it checks every call itself.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from api.repositories.rows import rows_of
from api.services.compiling import triggers
from api.services.tokens import Principal
from stepweave.compiler.emit.calls import TOOLS
from stepweave.expressions.templates import OPEN
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.model.workflow import Node, Workflow
from stepweave.spec.called import Input, InputsInvalid, fitted, inputs_of, schema_of_inputs
from stepweave.spec.node import TriggerKind

CALLER: Final = "execute_workflow"
"""The type of the nodes that call."""


@dataclass(frozen=True)
class _Callee:
    """A workflow as it would be called. `inputs` is None where it cannot be; `reason` says why."""

    name: str
    inputs: Sequence[Input] | None
    reason: str = ""
    remedy: str = ""
    convert: bool = False
    zone: str = "UTC"


def problems(principal: Principal, document: dict[str, Any]) -> list[Diagnostic]:
    """Return what does not fit; nothing for a document that is none, which the compiler tells of."""
    try:
        nodes = [node for node in Workflow.model_validate(document).nodes if _calls(node)]
    except ValidationError:
        return []
    wanted = {node.id: _uuid(node.params["workflowId"]) for node in nodes}
    ids = {id for id in wanted.values() if id is not None}
    if not nodes:
        return []
    with rows_of(principal.tenant_id) as rows:
        live = rows.versions.live(ids)
        callees = {id: _callee(live.get(id)) for id in ids}
    found: list[Diagnostic] = []
    for node in nodes:
        id = wanted[node.id]
        found += _of(node, callees[id] if id is not None else _callee(None))
    return found


def with_tools(principal: Principal, document: dict[str, Any]) -> dict[str, Any]:
    """Return a document in which agents know what the workflows expect that are their tools.

    It is what an agent's model is told: the fields that the published version declares, where the node sends its items
    as they are and the person has written no arguments. A document that is none stays what it is.
    """
    try:
        parsed = Workflow.model_validate(document)
    except ValidationError:
        return document
    wanted = {node.id: _uuid(node.params["workflowId"]) for node in _tools_that_call(parsed)}
    if not wanted:
        return document
    with rows_of(principal.tenant_id) as rows:
        live = rows.versions.live({id for id in wanted.values() if id is not None})
        callees = {node: _callee(live.get(id)) for node, id in wanted.items() if id is not None}
    schemas = {node: schema_of_inputs(callee.inputs) for node, callee in callees.items() if callee.inputs}
    return {**document, "nodes": [_told(node, schemas.get(str(node.get("id")))) for node in document["nodes"]]}


def _tools_that_call(document: Workflow) -> list[Node]:
    first = {edge.target for edge in document.edges if edge.source_port == TOOLS}
    return [
        node
        for node in document.nodes
        if node.id in first
        and _calls(node)
        and node.params.get("inputs", "items") == "items"
        and (node.settings.tool is None or node.settings.tool.parameters is None)
    ]


def _told(node: dict[str, Any], schema: dict[str, Any] | None) -> dict[str, Any]:
    if schema is None:
        return node
    settings = node.get("settings") or {}
    return {**node, "settings": {**settings, "tool": {**(settings.get("tool") or {}), "parameters": schema}}}


def _calls(node: Node) -> bool:
    id = node.params.get("workflowId")
    named = isinstance(id, str) and bool(id) and OPEN not in id  # what an expression gives, nobody knows before
    return node.type == CALLER and not node.settings.disabled and named


def _callee(live: Any) -> _Callee:
    if live is None:
        words = "There is no such workflow in this workspace."
        return _Callee("", None, words, "Choose another workflow; this one may have been deleted.")
    workflow, version = live
    if version is None:
        words = f"The workflow {workflow.name!r} is not published, so a call of it fails."
        return _Callee(workflow.name, None, words, "Publish it.")
    document = Workflow.model_validate(version.document)
    starts = triggers(document, TriggerKind.WORKFLOW)
    if not starts:
        words = f"The published version of {workflow.name!r} does not begin with “Called by a workflow”."
        return _Callee(workflow.name, None, words, "Add that trigger to it, and publish it.")
    params, zone = starts[0].params, document.settings.time_zone
    try:
        inputs = inputs_of(params, zone)
    except InputsInvalid as error:
        words = f"What {workflow.name!r} expects cannot be read: {error.message}."
        return _Callee(workflow.name, None, words, "Correct its trigger, and publish it.")
    return _Callee(workflow.name, inputs, convert=bool(params.get("convert")), zone=zone)


def _of(node: Node, callee: _Callee) -> Iterator[Diagnostic]:
    if callee.inputs is None:
        yield _warning(node, "callee_unavailable", "workflowId", callee.reason, callee.remedy)
        return
    rows = node.params.get("values", [])
    if node.params.get("inputs") != "fields" or not isinstance(rows, list):
        return
    declared = {one.name: one for one in callee.inputs}
    sent: set[str] = set()
    for index, row in enumerate(rows):
        name = row.get("name") if isinstance(row, Mapping) else None
        if not isinstance(name, str) or not name:
            continue
        if name in sent:
            words = f"{name!r} is filled in twice; the last one counts."
            yield _warning(node, "callee_input_unknown", f"values.{index}.name", words, "Remove one of them.")
        elif declared and name not in declared:
            words = f"{callee.name!r} expects no field {name!r}; it gets it all the same."
            remedy = "Remove the row, or choose another field."
            yield _warning(node, "callee_input_unknown", f"values.{index}.name", words, remedy)
        elif name in declared:
            yield from _mismatch(node, callee, declared[name], row.get("value"), index)
        sent.add(name)
    for one in callee.inputs:
        if one.needed and one.name not in sent:
            words = f"{callee.name!r} expects the field {one.name!r}, so this call fails."
            yield _warning(node, "callee_input_missing", "values", words, f"Fill in {one.name!r}.")


def _mismatch(node: Node, callee: _Callee, one: Input, value: Any, index: int) -> Iterator[Diagnostic]:
    """Yield what is wrong with a value that is known before it runs."""
    if isinstance(value, str) and OPEN in value:
        return
    convert = callee.convert or bool(node.params.get("convert", True))
    _, wrong = fitted([one], {one.name: value}, convert=convert, zone=callee.zone)
    if wrong is not None:
        words = f"The value of {one.name!r} {wrong.reason}."
        yield _warning(
            node, "callee_input_type", f"values.{index}.value", words, f"Write what {callee.name!r} expects."
        )


def _warning(node: Node, code: str, field: str, words: str, remedy: str) -> Diagnostic:
    return Diagnostic(
        code=code,
        severity=Severity.WARNING,
        message=f"{node.name!r}: {words.rstrip('.')}.",
        remedy=remedy,
        node_id=node.id,
        field=f"params.{field}",
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
