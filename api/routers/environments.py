"""Environments of a workspace, and what is live of a workflow in them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import PublisherDep, SettingsDep, requires
from api.params import CredentialId, EnvironmentKey, VersionNumber, WorkflowId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.environments import (
    EnvironmentChange,
    EnvironmentRequest,
    EnvironmentResponse,
    EnvironmentsResponse,
    LiveResponse,
    LivesResponse,
    MappingRequest,
    MappingResponse,
    MappingsResponse,
    NeedResponse,
    OrderRequest,
    ReadinessResponse,
    SwitchLiveRequest,
)
from api.services import environments
from api.services.tokens import Principal

router = APIRouter(tags=["environments"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.ENVIRONMENTS_WRITE))]
PublisherRole = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_PUBLISH))]
CredentialReader = Annotated[Principal, Depends(requires(Permission.CREDENTIALS_READ))]
CredentialWriter = Annotated[Principal, Depends(requires(Permission.CREDENTIALS_WRITE))]
InEnvironment = Annotated[
    str, Query(max_length=32, pattern=r"^[a-z][a-z0-9-]{0,31}$", description="The environment, by its key.")
]


@router.get("/environments", operation_id="listEnvironments")
def list_environments(principal: Reader) -> EnvironmentsResponse:
    """List all environments, in the order in which versions go through them."""
    return EnvironmentsResponse(items=[_row(one) for one in environments.list_environments(principal)])


@router.post(
    "/environments",
    status_code=201,
    operation_id="createEnvironment",
    openapi_extra=refuses(codes.NAME_TAKEN, codes.TOO_MANY),
)
def create_environment(body: EnvironmentRequest, principal: Writer) -> EnvironmentResponse:
    """Make an environment, right before production."""
    return _row(
        environments.create(
            principal,
            body.key,
            body.name,
            falls_back=body.falls_back,
            needs_approval=body.needs_approval or False,
        )
    )


@router.put("/environments", operation_id="orderEnvironments")
def order_environments(body: OrderRequest, principal: Writer) -> EnvironmentsResponse:
    """Put the environments in another order; nothing that is live moves."""
    return EnvironmentsResponse(items=[_row(one) for one in environments.order(principal, body.keys)])


@router.put(
    "/environments/{environment}",
    operation_id="changeEnvironment",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN, codes.ENVIRONMENT_IN_USE),
)
def change_environment(environment: EnvironmentKey, body: EnvironmentChange, principal: Writer) -> EnvironmentResponse:
    """Rename an environment, or say what it does without values of its own."""
    return _row(
        environments.change(
            principal, environment, body.name, falls_back=body.falls_back, needs_approval=body.needs_approval
        )
    )


@router.delete(
    "/environments/{environment}",
    status_code=204,
    operation_id="deleteEnvironment",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ENVIRONMENT_IN_USE),
)
def delete_environment(environment: EnvironmentKey, principal: Writer) -> Response:
    """Delete an environment in which nothing is live, with its values of variables and its credentials' mappings."""
    environments.delete(principal, environment)
    return Response(status_code=204)


@router.get("/workflows/{workflow_id}/environments", operation_id="listLive", openapi_extra=refuses(codes.NOT_FOUND))
def list_live(workflow_id: WorkflowId, principal: Reader, deployed: SettingsDep) -> LivesResponse:
    """Say which version of a workflow is live in each environment, and where it is called."""
    found = environments.live_of(principal, workflow_id, deployed.content_origin)
    return LivesResponse(
        items=[
            LiveResponse(
                key=one.environment.key,
                name=one.environment.name,
                version=one.version,
                enabled=one.enabled,
                published_at=one.published_at,
                urls=one.urls,
                timed=one.timed,
            )
            for one in found
        ]
    )


@router.put(
    "/workflows/{workflow_id}/environments/{environment}",
    status_code=204,
    operation_id="switchLive",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_PUBLISHED),
)
def switch_live(
    workflow_id: WorkflowId,
    environment: EnvironmentKey,
    body: SwitchLiveRequest,
    principal: PublisherRole,
    publisher: PublisherDep,
) -> Response:
    """Switch a workflow on or off in an environment."""
    publisher.switch(principal, workflow_id, enabled=body.enabled, environment=environment)
    return Response(status_code=204)


@router.delete(
    "/workflows/{workflow_id}/environments/{environment}",
    status_code=204,
    operation_id="takeDown",
    openapi_extra=refuses(codes.NOT_FOUND, codes.PUBLISHING),
)
def take_down(
    workflow_id: WorkflowId, environment: EnvironmentKey, principal: PublisherRole, publisher: PublisherDep
) -> Response:
    """Take a workflow out of an environment: its addresses, schedules and triggers there."""
    publisher.take_down(principal, workflow_id, environment)
    return Response(status_code=204)


@router.get(
    "/workflows/{workflow_id}/versions/{number}/readiness",
    operation_id="checkReadiness",
    openapi_extra=refuses(codes.NOT_FOUND),
)
def check_readiness(
    workflow_id: WorkflowId, number: VersionNumber, environment: InEnvironment, principal: Reader
) -> ReadinessResponse:
    """Say what a version needs in an environment, before it is made live there."""
    needs = environments.ready(principal, workflow_id, number, environment)
    items = [NeedResponse.model_validate(one, from_attributes=True) for one in needs]
    return ReadinessResponse(ready=all(one.state != "missing" for one in items), needs=items)


@router.get("/credentials/mappings", operation_id="listCredentialMappings")
def list_credential_mappings(principal: CredentialReader) -> MappingsResponse:
    """List which credentials stand for others in environments."""
    found = environments.mappings(principal)
    return MappingsResponse(items=[MappingResponse.model_validate(one, from_attributes=True) for one in found])


@router.put(
    "/credentials/{credential_id}/mappings/{environment}",
    status_code=204,
    operation_id="mapCredential",
    openapi_extra=refuses(codes.NOT_FOUND, codes.CREDENTIAL_IN_USE),
)
def map_credential(
    credential_id: CredentialId, environment: EnvironmentKey, body: MappingRequest, principal: CredentialWriter
) -> Response:
    """Say which credential stands for one in an environment; what runs there opens it from now on."""
    environments.put_mapping(principal, credential_id, environment, body.credential_id)
    return Response(status_code=204)


def _row(one: environments.Shown) -> EnvironmentResponse:
    found = one.environment
    return EnvironmentResponse(
        key=found.key,
        name=found.name,
        falls_back=found.falls_back,
        needs_approval=found.needs_approval,
        workflows=one.workflows,
    )
