"""What a trigger gives when a person runs a workflow and brings no items."""

from datetime import UTC, datetime
from typing import Any

from stepweave.model.items import Item, item
from stepweave.model.workflow import Node, Workflow
from stepweave_data.hooks import paths


def first_items(document: Workflow, node_id: str) -> list[Item]:
    """Return the first items of a run by hand.

    Args:
        document: the workflow that runs.
        node_id: the trigger it starts at.

    Returns:
        Of a manual trigger those under *Start with*; of a schedule one that is due now; of a webhook an empty request;
        of others one empty item.
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
    return [item({})]


def _start_with(node: Node) -> list[dict[str, Any]]:
    given = node.params.get("items")
    fields: list[dict[str, Any]] = []
    if isinstance(given, list):
        fields = [entry for entry in given if isinstance(entry, dict)]
    return fields or [{}]
