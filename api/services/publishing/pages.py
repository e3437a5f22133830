"""A workflow's forms and chats: read off its document, as rows among its webhooks, and refused where they cannot be."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows
from api.services.compiling import triggers
from api.services.publishing import chats, forms
from stepweave.model.workflow import Node
from stepweave.model.workflow import Workflow as Document
from stepweave.runtime.starting import Target
from stepweave.spec.node import TriggerKind
from stepweave_data.hooks.page_places import CHAT, FORM, Place
from stepweave_data.models import Webhook, Workflow


@dataclass(frozen=True)
class _Kind:
    """Pages of one kind. `target_of` gives what their function needs: node, document, the fields of a target."""

    trigger: TriggerKind
    place: Place
    name: str
    target_of: Callable[[Node, Document, dict[str, Any]], dict[str, Any]]


_KINDS: Final = (
    _Kind(TriggerKind.FORM, FORM, "form", lambda node, _, start: forms.target_of(node, start)),
    _Kind(TriggerKind.CHAT, CHAT, "chat", chats.target_of),
)


def check(rows: Rows, workflow: Workflow, document: Document) -> None:
    """Raise Refused where a page cannot be shown (`trigger_refused`), or its path is another's (`webhook_taken`)."""
    for kind in _KINDS:
        nodes: dict[str, Node] = {}
        for node in triggers(document, kind.trigger):
            kind.target_of(node, document, {})
            place = kind.place.of(node.params["path"])
            if place in nodes:
                raise _taken(node, f"Two {kind.name}s of this workflow have the same path; change one.")
            nodes[place] = node
        for hook, name in rows.webhooks.others(workflow.id, [(kind.place.method, place) for place in nodes]):
            node = nodes[hook.path]
            words = f"The {kind.name} at {node.params['path']} belongs to the workflow {name!r}; choose another path."
            raise _taken(node, words)


def rows_for(workflow: Workflow, document: Document, target: Target) -> list[Webhook]:
    """Return the rows of a document's pages, which start `target`."""
    return [
        Webhook(
            tenant_id=workflow.tenant_id,
            workflow_id=workflow.id,
            node_id=node.id,
            method=kind.place.method,
            path=kind.place.of(node.params["path"]),
            target=kind.target_of(node, document, asdict(target)),
        )
        for kind in _KINDS
        for node in triggers(document, kind.trigger)
    ]


def _taken(node: Node, detail: str) -> Refused:
    return Refused(codes.WEBHOOK_TAKEN, detail, [{"field": "params.path", "message": detail, "nodeId": node.id}])
