"""A workflow's webhooks: read off its document, and refused where their place is another's."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import redis

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows
from api.services.compiling import triggers
from api.services.publishing import hook_targets
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.starting import Target
from stepweave.spec.node import TriggerKind
from stepweave_data import redis_keys as keys
from stepweave_data.hooks import paths
from stepweave_data.models import Webhook, Workflow
from stepweave_data.telemetry import logger

Place = tuple[str, str]
"""Where a webhook is called: method and path."""


def check_free(rows: Rows, workflow: Workflow, document: Document) -> None:
    """Raise Refused where a webhook cannot be, or cannot be where it is to be.

    Raises:
        Refused: `workflow_invalid` with diagnostics; `webhook_taken` where two webhooks have one place, or another
            workflow has one of them.
    """
    nodes = triggers(document, TriggerKind.WEBHOOK)
    hook_targets.check(nodes)
    own: dict[Place, Node] = {}
    for node in nodes:
        for method, path in places_of(node):
            place = method, paths.shape(path)
            if place in own:
                raise taken(node, f"{method} /{path} is that of {own[place].name!r}, too")
            own[place] = node
    for hook, name in rows.webhooks.others(workflow.id, list(own)):
        node = own[hook.method, hook.shape]
        what = "" if hook.path == node.params["path"] else ": the names of parameters make no difference"
        raise taken(node, f"{hook.method} /{hook.path} belongs to the workflow {name!r}{what}")


def taken(node: Node | None = None, words: str = "Another webhook has its method and path") -> Refused:
    """Return the refusal of a second webhook in one place."""
    detail = f"{words}; choose another path."
    told = [{"field": "params.path", "message": detail, "nodeId": node.id}] if node else []
    return Refused(codes.WEBHOOK_TAKEN, detail, told)


def hooks_of(workflow: Workflow, document: Document, target: Target) -> list[Webhook]:
    """Return the rows of a document's webhooks, one for each method, which start `target`."""
    return [row for node in triggers(document, TriggerKind.WEBHOOK) for row in _rows(workflow, node, asdict(target))]


def places_of(hook: Node | Webhook) -> list[Place]:
    """Return the places of a webhook node, or the one of a webhook."""
    if isinstance(hook, Node):
        return [(method, hook.params["path"]) for method in hook_targets.methods_of(hook)]
    return [(hook.method, hook.path)]


def forget(client: redis.Redis, slug: str, places: Iterable[Place]) -> None:
    """Make the webhook function look again. Without Redis it does so within a minute by itself."""
    found = {path for _, path in places}
    if not found:
        return
    counts = {path.count("/") + 1 for path in found}
    try:
        client.delete(
            *(keys.hook(slug, path) for path in sorted(found)),
            *(keys.hook_patterns(slug, count) for count in sorted(counts)),
        )
    except redis.RedisError as error:
        logger().warning("webhook cache not cleared", error=repr(error))


def _rows(workflow: Workflow, node: Node, start: dict[str, Any]) -> list[Webhook]:
    target = hook_targets.target_of(node, start)
    return [
        Webhook(
            tenant_id=workflow.tenant_id,
            workflow_id=workflow.id,
            node_id=node.id,
            method=method,
            path=path,
            target=target,
        )
        for method, path in places_of(node)
    ]
