"""What a trigger gives when a person runs a workflow and brings no items."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from api import codes
from api.refusals import Refused
from stepweave.model.items import Item, item
from stepweave.model.workflow import Node, Workflow
from stepweave.spec.inputs import fields_of, read_inputs
from stepweave_data.hooks import paths


def first_items(document: Workflow, node_id: str) -> list[Item]:
    """Return the first items of a run by hand.

    Args:
        document: the workflow that runs.
        node_id: the trigger it starts at.

    Returns:
        Of a manual trigger those under *Start with*; of a schedule one that is due now; of a webhook an empty request;
        of a form the answers that are filled in at first; of a chat a message without words; of others one empty item.
    """
    node = next(node for node in document.nodes if node.id == node_id)
    match node.type:
        case "manual_trigger":
            return [item(fields) for fields in _start_with(node)]
        case "schedule_trigger":
            at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            return [item({"scheduledAt": at, "timeZone": node.params.get("timeZone") or document.settings.time_zone})]
        case "webhook_trigger":
            method, path = node.params.get("method", "POST"), node.params.get("path", "")
            params = dict.fromkeys(paths.names(path), "") if isinstance(path, str) else {}
            return [item({"method": method, "path": path, "params": params, "headers": {}, "query": {}, "body": {}})]
        case "chat_trigger":
            return [item(_message())]
        case "form_trigger":
            return [item(_answers(node))]
    return [item({})]


def filled_in(document: Workflow, node_id: str, items: Sequence[Any]) -> list[Any]:
    """Return the items of a run at a manual trigger as its form makes them: checked, with defaults; others as they are.

    Raises:
        Refused: `invalid_request`; `errors` names the fields of items.
    """
    node = next(node for node in document.nodes if node.id == node_id)
    fields = fields_of(node.params) if node.type == "manual_trigger" else []
    if not fields:
        return list(items)
    made, errors = [], []
    for index, one in enumerate(items):
        values, problems = read_inputs(fields, one["json"])
        made.append({**one, "json": values})
        errors += [{"field": f"items.{index}.json.{of.field}", "message": of.message} for of in problems]
    if errors:
        detail = f"{errors[0]['message']} This is what {node.name!r} asks for."
        raise Refused(codes.INVALID_REQUEST, detail, errors[:100])
    return made


def _start_with(node: Node) -> list[dict[str, Any]]:
    given = node.params.get("items")
    fields: list[dict[str, Any]] = []
    if isinstance(given, list):
        fields = [entry for entry in given if isinstance(entry, dict)]
    return fields or [{}]


def _message() -> dict[str, Any]:
    """Return what a chat's message is without a visitor."""
    ids = {"sessionId": uuid.uuid4().hex, "messageId": str(uuid.uuid4())}
    return {**ids, "chatInput": "", "action": "sendMessage", "files": []}


def _answers(node: Node) -> dict[str, Any]:
    rows = [row for row in node.params.get("fields", []) if isinstance(row, dict) and row.get("type") != "info"]
    given = {str(row.get("name", "")): row.get("default") or None for row in rows}
    return {**given, "submittedAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")}
