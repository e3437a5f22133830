"""A workflow's forms: read off its document, as rows among its webhooks, and refused where they cannot be shown."""

from dataclasses import asdict
from typing import Any

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows
from api.services.compiling import catalogue, triggers
from api.services.publishing.trigger_refusals import not_shown
from stepweave.expressions.patterns import PatternError, matches
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.starting import Target
from stepweave.spec.forms import FormField, FormInvalid, Page, page_of
from stepweave.spec.forms.languages import language_of
from stepweave.spec.node import TriggerKind
from stepweave_data.hooks.page_places import FORM
from stepweave_data.models import Webhook, Workflow


def check(rows: Rows, workflow: Workflow, document: Document) -> None:
    """Raise Refused where a form cannot be shown (`trigger_refused`), or its path is another's (`webhook_taken`)."""
    nodes: dict[str, Node] = {}
    for node in triggers(document, TriggerKind.FORM):
        page_at(node)
        place = FORM.of(node.params["path"])
        if place in nodes:
            raise _taken(node, "Two forms of this workflow have the same path; change one.")
        nodes[place] = node
    for hook, name in rows.webhooks.others(workflow.id, [(FORM.method, place) for place in nodes]):
        node = nodes[hook.path]
        raise _taken(node, f"The form at {node.params['path']} belongs to the workflow {name!r}; choose another path.")


def rows_for(workflow: Workflow, document: Document, target: Target) -> list[Webhook]:
    """Return the rows of a document's forms, which start `target`."""
    return [
        Webhook(
            tenant_id=workflow.tenant_id,
            workflow_id=workflow.id,
            node_id=node.id,
            method=FORM.method,
            path=FORM.of(node.params["path"]),
            target=target_of(node, asdict(target)),
        )
        for node in triggers(document, TriggerKind.FORM)
    ]


def target_of(node: Node, start: dict[str, Any]) -> dict[str, Any]:
    """Return what the form's function needs to show a form and to start its workflow.

    Args:
        node: the form's.
        start: the fields of `starting.Target`; of a draft that is tried out, only whose it is.

    Raises:
        Refused: `trigger_refused`, at the field that is wrong.
    """
    params = _defaults(node) | node.params
    return {
        "start": start,
        "nodeId": node.id,
        "page": page_at(node),
        "look": {
            **{name: params[name] for name in ("color", "appearance", "logoUrl", "embed")},
            "language": language_of(params),
        },
        "perMinute": params["perMinute"],
    }


def page_at(node: Node) -> Page:
    """Return the first page of a form. Raises Refused: `trigger_refused`, at the field that is wrong."""
    params = _defaults(node) | node.params
    fields = [FormField.model_validate(row) for row in params.get("fields", [])]
    try:
        page = page_of(params["title"], params["description"], params["button"], fields)
    except FormInvalid as error:
        raise not_shown(node, error.message, error.remedy, error.field) from None
    for index, field in enumerate(fields):
        if not field.pattern:
            continue
        try:
            matches(field.pattern, "")
        except PatternError as error:
            raise not_shown(node, str(error), error.remedy, f"params.fields.{index}.pattern") from None
    return page


def _defaults(node: Node) -> dict[str, Any]:
    entry = catalogue().get(node.type, node.version)
    fields = entry.params_schema.get("properties", {}) if entry else {}
    return {name: field["default"] for name, field in fields.items() if "default" in field}


def _taken(node: Node, detail: str) -> Refused:
    return Refused(codes.WEBHOOK_TAKEN, detail, [{"field": "params.path", "message": detail, "nodeId": node.id}])
