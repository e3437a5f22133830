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
from stepweave.expressions.templates import OPEN
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.model.workflow import Node, Workflow
from stepweave.spec.called import Input, InputsInvalid, fitted, inputs_of
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
