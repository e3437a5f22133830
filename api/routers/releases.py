"""Releases: versions that are to go live once a second person says so."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api import codes
from api.bodies import JsonRoute
from api.deps import PublisherDep, requires
from api.params import ReleaseId, WorkflowId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.releases import ReleaseDecision, ReleaseRequest, ReleaseResponse, ReleasesResponse, ReleaseState
from api.services import releases
from api.services.publishing.versions import Said
from api.services.tokens import Principal

router = APIRouter(tags=["workflows"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
PublisherRole = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_PUBLISH))]


@router.get("/releases", operation_id="listReleases", openapi_extra=refuses(codes.NOT_FOUND))
def list_releases(
    principal: Reader,
    state: Annotated[ReleaseState | None, Query(description="Only those that are so.")] = None,
    workflow_id: Annotated[
        uuid.UUID | None, Query(alias="workflowId", description="Only those of this workflow.")
    ] = None,
) -> ReleasesResponse:
    """List the versions that somebody asked to make live, the latest first."""
    found = releases.list_releases(principal, state, workflow_id)
    return ReleasesResponse(items=[_row(one) for one in found])


@router.post(
    "/workflows/{workflow_id}/releases",
    status_code=201,
    operation_id="askForRelease",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.ALREADY_ASKED,
        codes.WORKFLOW_INVALID,
        codes.NOT_READY,
        codes.CREDENTIAL_ELSEWHERE,
        codes.DRAFT_MOVED,
        codes.PUBLISHING,
        codes.AWS_UNAVAILABLE,
        codes.AWS_REFUSED,
    ),
)
def ask_for_release(
    workflow_id: WorkflowId, body: ReleaseRequest, principal: PublisherRole, publisher: PublisherDep
) -> ReleaseResponse:
    """Ask for a version to go live: a second person decides. It is made of the draft now, where none is named."""
    said = Said(body.name, body.note)
    return _row(releases.ask(principal, publisher, workflow_id, body.number, body.environment, said))


@router.post(
    "/workflows/{workflow_id}/releases/{release_id}/decision",
    operation_id="decideRelease",
    openapi_extra=refuses(
        codes.NOT_FOUND,
        codes.ALREADY_DECIDED,
        codes.OWN_REQUEST,
        codes.WORKFLOW_INVALID,
        codes.NOT_READY,
        codes.CREDENTIAL_ELSEWHERE,
        codes.WEBHOOK_TAKEN,
        codes.TRIGGER_REFUSED,
        codes.TRIGGER_UNAVAILABLE,
        codes.PUBLISHING,
        codes.AWS_UNAVAILABLE,
        codes.AWS_REFUSED,
    ),
)
def decide_release(
    workflow_id: WorkflowId,
    release_id: ReleaseId,
    body: ReleaseDecision,
    principal: PublisherRole,
    publisher: PublisherDep,
) -> ReleaseResponse:
    """Approve, and the version is live; reject; or take back what one asked for. What cannot go live waits on."""
    return _row(releases.decide(principal, publisher, workflow_id, release_id, body.decision, body.comment))


def _row(one: releases.Shown) -> ReleaseResponse:
    release = one.release
    return ReleaseResponse(
        id=release.id,
        workflow_id=release.workflow_id,
        workflow_name=one.workflow_name,
        version=release.version,
        version_name=one.version_name,
        environment=release.environment,
        state=release.state,
        note=release.note,
        asked_by=release.asked_by,
        asker=one.asker,
        asked_at=release.asked_at,
        decided_by=release.decided_by,
        decider=one.decider,
        decided_at=release.decided_at,
        comment=release.comment,
        mine=one.mine,
        can_decide=one.can_decide,
    )
