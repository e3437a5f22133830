"""A workflow's webhooks: read off its document, and refused where their place is another's."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import redis

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows
from api.services.compiling import triggers
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.starting import Target
from stepweave.spec.node import TriggerKind
from stepweave_data import redis_keys as keys
from stepweave_data.models import Webhook, Workflow
from stepweave_data.telemetry import logger

Place = tuple[str, str]
"""Where a webhook is called: method and path."""


def check_free(rows: Rows, workflow: Workflow, document: Document) -> None:
    """Raise Refused (`webhook_taken`) where two webhooks have one place, or another workflow has one of them."""
    nodes = {place_of(node): node for node in triggers(document, TriggerKind.WEBHOOK)}
    if len(nodes) < len(triggers(document, TriggerKind.WEBHOOK)):
        raise taken()
    for hook, name in rows.webhooks.others(workflow.id, list(nodes)):
        detail = f"{hook.method} /{hook.path} belongs to the workflow {name!r}; choose another path."
        node = nodes[hook.method, hook.path]
        raise Refused(codes.WEBHOOK_TAKEN, detail, [{"field": "params.path", "message": detail, "nodeId": node.id}])


def taken() -> Refused:
    """Return the refusal of two webhooks in one place."""
    detail = "Two webhooks of this workflow have the same method and path; change one."
    return Refused(codes.WEBHOOK_TAKEN, detail)


def hooks_of(workflow: Workflow, document: Document, target: Target) -> list[Webhook]:
    """Return the rows of a document's webhooks, which start `target`."""
    return [_row(workflow, node, target) for node in triggers(document, TriggerKind.WEBHOOK)]


def place_of(hook: Node | Webhook) -> Place:
    """Return the place of a webhook node, or of a webhook."""
    if isinstance(hook, Node):
        return hook.params.get("method", "POST"), hook.params["path"]
    return hook.method, hook.path


def forget(client: redis.Redis, slug: str, places: Iterable[Place]) -> None:
    """Make the webhook function look again. Without Redis it does so within a minute by itself."""
    paths = {path for _, path in places}
    if not paths:
        return
    try:
        client.delete(*(keys.hook(slug, path) for path in sorted(paths)))
    except redis.RedisError as error:
        logger().warning("webhook cache not cleared", error=repr(error))


def _row(workflow: Workflow, node: Node, target: Target) -> Webhook:
    params = node.params
    method, path = place_of(node)
    authentication = params.get("authentication", "none")
    details: dict[str, Any] = {
        "start": asdict(target),
        "nodeId": node.id,
        "respond": params.get("respond", "immediately"),
        "bodyType": params.get("bodyType", "json") if method in ("POST", "PUT", "PATCH") else "any",
        "maxBodyKb": params.get("maxBodyKb", 1024),
        "authentication": authentication,
        "origins": params.get("allowedOrigins", "*"),
        "rawBody": params.get("rawBody", False),
    }
    if authentication != "none":
        details["credentialId"] = params.get(f"{authentication}Credential", "")
    return Webhook(
        tenant_id=workflow.tenant_id,
        workflow_id=workflow.id,
        node_id=node.id,
        method=method,
        path=path,
        target=details,
    )
