"""Listening at the test URL of a webhook or a form: its function finds who listens in Redis, and keeps one call."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

import redis

from api import codes
from api.repositories.rows import rows_of
from api.services.compiling import is_form
from api.services.listening.heard import LISTEN_SECONDS, Heard
from api.services.publishing import forms, hook_targets
from api.services.publishing.trigger_refusals import unavailable
from api.services.tokens import Principal
from stepweave.model.workflow import Node
from stepweave_data.hooks.page_places import FORM
from stepweave_data.hooks.tries import Tries, Try
from stepweave_data.models import Workflow


def begin(client: redis.Redis, principal: Principal, workflow: Workflow, node: Node) -> Heard:
    """Listen for a call of a webhook of the draft, or for what is sent with a form of it.

    What a person listened for before in this workflow is over.

    Raises:
        Refused: `workflow_invalid` or `trigger_refused` with diagnostics; `trigger_unavailable`, where Redis does not
            answer.
    """
    if not is_form(node):
        hook_targets.check([node])
    with rows_of(principal.tenant_id) as rows:
        slug = rows.workflows.slug(principal.tenant_id)
    id, until = uuid.uuid4(), datetime.now(UTC) + timedelta(seconds=LISTEN_SECONDS)
    user_id, tries = str(principal.user_id), Tries(client)
    start = {"tenant_id": str(principal.tenant_id), "workflow_id": str(workflow.id)}
    made: Try = {
        "tenantId": start["tenant_id"],
        "workflowId": start["workflow_id"],
        "nodeId": node.id,
        "userId": user_id,
        "until": until.timestamp(),
        **_place(node, start),
    }
    try:
        for former, it in tries.of(slug).items():
            if (it["workflowId"], it["userId"]) == (made["workflowId"], user_id):
                tries.stop(slug, former)
        tries.begin(slug, str(id), made)
    except redis.RedisError:
        raise unavailable(node, "Its test URL cannot listen now.", "Try again in a moment.") from None
    return Heard("waiting", [], id, until)


class _Place(TypedDict):
    path: str
    methods: list[str]
    target: dict[str, Any]


def _place(node: Node, start: dict[str, Any]) -> _Place:
    """Return where a trigger listens, with what its function needs. Raises Refused: `trigger_refused`."""
    path = node.params["path"]
    if is_form(node):
        return {"path": FORM.of(path), "methods": [FORM.method], "target": forms.target_of(node, start)}
    return {
        "path": path,
        "methods": hook_targets.methods_of(node),
        "target": hook_targets.target_of(node, start),
    }


def state(
    client: redis.Redis, principal: Principal, slug: str, workflow_id: uuid.UUID, id: uuid.UUID
) -> tuple[dict[str, Any] | None, datetime]:
    """Return what came, as `registrations.pending` has it, and until when it listens. Raises Refused: `not_found`."""
    tries = Tries(client)
    try:
        it = tries.find(slug, str(id))
        batch = tries.heard(str(id)) if it else None
    except redis.RedisError:
        it = batch = None
    if it is None or not _is_own(it, principal, workflow_id):
        raise codes.not_found("listening")
    return {"batch": batch} if batch else None, datetime.fromtimestamp(it["until"], UTC)


def stop(client: redis.Redis, principal: Principal, slug: str, workflow_id: uuid.UUID, id: uuid.UUID) -> None:
    """Listen no more. One that is gone is fine."""
    tries = Tries(client)
    try:
        it = tries.find(slug, str(id))
        if it is not None and _is_own(it, principal, workflow_id):
            tries.stop(slug, str(id))
    except redis.RedisError:
        return  # it ends by itself


def _is_own(it: Try, principal: Principal, workflow_id: uuid.UUID) -> bool:
    return (it["tenantId"], it["workflowId"], it["userId"]) == (
        str(principal.tenant_id),
        str(workflow_id),
        str(principal.user_id),
    )
