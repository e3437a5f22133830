"""Published webhooks: a method and a path of a tenant, and what they start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stepweave_data.models import Webhook, Workflow


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to register. `target` is what the webhook function reads (contracts.md, `hook:*`)."""

    node_id: str
    method: str
    path: str
    target: dict[str, Any]


class Taken(Exception):
    """A method and path belong to another workflow of the tenant, or twice to this one."""


def of_workflow(session: Session, workflow_id: UUID) -> list[Webhook]:
    """Return a workflow's webhooks, by path."""
    query = select(Webhook).where(Webhook.workflow_id == workflow_id)
    return list(session.scalars(query.order_by(Webhook.path, Webhook.method)))


def replace(session: Session, workflow: Workflow, wanted: Sequence[NewWebhook]) -> set[str]:
    """Register `wanted` in place of the workflow's former webhooks; return all paths that this touches.

    Raises:
        Taken: nothing was changed; the session is of no use any more.
    """
    touched = {hook.path for hook in of_workflow(session, workflow.id)} | {hook.path for hook in wanted}
    session.execute(delete(Webhook).where(Webhook.workflow_id == workflow.id))
    for hook in wanted:
        session.add(
            Webhook(
                tenant_id=workflow.tenant_id,
                workflow_id=workflow.id,
                node_id=hook.node_id,
                method=hook.method,
                path=hook.path,
                target=hook.target,
            )
        )
    try:
        session.flush()
    except IntegrityError as error:
        if "webhooks_tenant_id_method_path_key" in str(error.orig):
            raise Taken from error
        raise
    return touched


def owner(session: Session, method: str, path: str, besides: UUID) -> str | None:
    """Return the name of the workflow, other than `besides`, that has this webhook."""
    query = (
        select(Workflow.name)
        .join(Webhook, Webhook.workflow_id == Workflow.id)
        .where(Webhook.method == method, Webhook.path == path, Workflow.id != besides)
    )
    return session.scalar(query)
