"""The triggers of a published workflow: how they fare, switching one off, and dismissing what is left of one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import PublisherDep, RedisDep, TriggerChecksDep, requires
from api.params import RegistrationId, TriggerNodeId, WorkflowId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.triggers import (
    TriggerChange,
    TriggerCheckResponse,
    TriggerChecksResponse,
    TriggerResponse,
    TriggersResponse,
)
from api.services import triggers
from api.services.limits import TEST_CALLS, limit
from api.services.tokens import Principal

router = APIRouter(tags=["workflows"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
PublisherRole = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_PUBLISH))]


@router.get("/workflows/{workflow_id}/triggers", operation_id="listTriggers", openapi_extra=refuses(codes.NOT_FOUND))
def list_triggers(workflow_id: WorkflowId, principal: Reader) -> TriggersResponse:
    """List the triggers of the published version with their state: on or off, next and last fire, errors, counts."""
    found = triggers.list_triggers(principal, workflow_id)
    return TriggersResponse(items=[TriggerResponse.model_validate(one, from_attributes=True) for one in found])


@router.put(
    "/workflows/{workflow_id}/triggers/{node_id}",
    status_code=204,
    operation_id="switchTrigger",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.NOT_PUBLISHED,
        codes.UNKNOWN_NODE,
        codes.PUBLISHING,
        codes.AWS_UNAVAILABLE,
        codes.AWS_REFUSED,
    ),
)
def switch_trigger(
    workflow_id: WorkflowId,
    node_id: TriggerNodeId,
    body: TriggerChange,
    principal: PublisherRole,
    publisher: PublisherDep,
) -> Response:
    """Switch one trigger of a published workflow on or off; the others go on."""
    publisher.switch_trigger(principal, workflow_id, node_id, enabled=body.enabled)
    return Response(status_code=204)


@router.delete(
    "/workflows/{workflow_id}/registrations/{registration_id}",
    status_code=204,
    operation_id="dismissRegistration",
    openapi_extra=refuses(codes.NOT_FOUND, codes.STILL_REGISTERED),
)
def dismiss_registration(
    workflow_id: WorkflowId, registration_id: RegistrationId, principal: PublisherRole
) -> Response:
    """Stop asking a provider to forget a trigger that is `leaving` or `failed`. What is there may stay there."""
    triggers.dismiss(principal, workflow_id, registration_id)
    return Response(status_code=204)


@router.post(
    "/workflows/{workflow_id}/triggers/test-calls",
    operation_id="testTriggers",
    openapi_extra=refuses(codes.NOT_FOUND, codes.TOO_MANY_TRIES),
)
def test_triggers(
    workflow_id: WorkflowId, principal: PublisherRole, calling: TriggerChecksDep, redis: RedisDep
) -> TriggerChecksResponse:
    """Call each trigger of the published version once, to see whether a real call would arrive. Nothing starts."""
    limit(redis, TEST_CALLS, str(principal.user_id))
    found = calling.all(principal, workflow_id)
    return TriggerChecksResponse(
        items=[TriggerCheckResponse.model_validate(one, from_attributes=True) for one in found]
    )
