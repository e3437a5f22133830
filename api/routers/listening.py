"""Trying out triggers with code: the newest things, or the first event."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import ListeningDep, requires
from api.params import ListenId, TriggerNodeId, WorkflowId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.listening import ListenResponse
from api.services.listening import Heard
from api.services.tokens import Principal

router = APIRouter(tags=["workflows"], route_class=JsonRoute)

Starter = Annotated[Principal, Depends(requires(Permission.EXECUTIONS_RUN))]


@router.post(
    "/workflows/{workflow_id}/triggers/{node_id}/listen",
    operation_id="listenOnce",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.UNKNOWN_NODE,
        codes.CANNOT_LISTEN,
        codes.WORKFLOW_INVALID,
        codes.TRIGGER_REFUSED,
        codes.TRIGGER_UNAVAILABLE,
    ),
)
def listen_once(
    workflow_id: WorkflowId, node_id: TriggerNodeId, principal: Starter, listening: ListeningDep
) -> ListenResponse:
    """Try out a trigger of the draft.

    A webhook listens for two minutes at its test URL, `<content origin>/hooks/<workspace>/~test/<path>`; the first call
    is what is heard, and starts nothing.
    One that polls fetches the newest things, three at most, and no cursor moves. Any other is registered at its
    provider for two minutes, beside what is live; the first event ends that, and starts nothing.
    """
    return _response(listening.begin(principal, workflow_id, node_id))


@router.get(
    "/workflows/{workflow_id}/listens/{listen_id}",
    operation_id="getListening",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ITEMS_GONE),
)
def get_listening(
    workflow_id: WorkflowId, listen_id: ListenId, principal: Starter, listening: ListeningDep
) -> ListenResponse:
    """Tell whether an event came. Only who listens may know; stop listening once it did, or a minute later it ends."""
    return _response(listening.state(principal, workflow_id, listen_id))


@router.delete("/workflows/{workflow_id}/listens/{listen_id}", status_code=204, operation_id="stopListening")
def stop_listening(
    workflow_id: WorkflowId, listen_id: ListenId, principal: Starter, listening: ListeningDep
) -> Response:
    """Stop listening: the provider forgets the address. What has ended already is fine."""
    listening.stop(principal, workflow_id, listen_id)
    return Response(status_code=204)


def _response(heard: Heard) -> ListenResponse:
    return ListenResponse.model_validate(heard, from_attributes=True)
