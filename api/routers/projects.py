"""Projects, who is in them, what goes from one into another, and workflows that are shared one by one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.params import CredentialId, MemberId, ProjectId, ShareId, WorkflowId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.projects import (
    MoveRequest,
    ProjectMemberResponse,
    ProjectMembersResponse,
    ProjectRequest,
    ProjectResponse,
    ProjectRole,
    ProjectsResponse,
    ShareRequest,
    ShareResponse,
    SharesResponse,
)
from api.services import moving, projects, workflow_shares
from api.services.members import Given
from api.services.tokens import Principal

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.PROJECTS_WRITE))]
Manager = Annotated[Principal, Depends(requires(Permission.PROJECTS_MANAGE))]
Editor = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]
Keeper = Annotated[Principal, Depends(requires(Permission.CREDENTIALS_WRITE))]

router = APIRouter(tags=["projects"], route_class=JsonRoute)


@router.get("/projects", operation_id="listProjects")
def list_projects(principal: Reader) -> ProjectsResponse:
    """List the projects that you are in, with what you may do there; the one of all members comes first."""
    return ProjectsResponse(items=[_shown(one) for one in projects.listed(principal)])


@router.post(
    "/projects",
    status_code=201,
    operation_id="createProject",
    openapi_extra=refuses(codes.NAME_TAKEN, codes.TOO_MANY),
)
def create_project(body: ProjectRequest, principal: Writer) -> ProjectResponse:
    """Make a project. Nobody is in it yet but who sees all projects."""
    return _shown(projects.create(principal, body.name))


@router.patch(
    "/projects/{project_id}",
    status_code=204,
    operation_id="renameProject",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN),
)
def rename_project(project_id: ProjectId, body: ProjectRequest, principal: Manager) -> Response:
    """Call a project something else."""
    projects.rename(principal, project_id, body.name)
    return Response(status_code=204)


@router.delete(
    "/projects/{project_id}",
    status_code=204,
    operation_id="deleteProject",
    openapi_extra=refuses(codes.NOT_FOUND, codes.PROJECT_NOT_EMPTY, codes.DEFAULT_PROJECT),
)
def delete_project(project_id: ProjectId, principal: Writer) -> Response:
    """Delete a project in which nothing is any more. What was deleted in it goes to the project of all members."""
    projects.delete(principal, project_id)
    return Response(status_code=204)


@router.get("/projects/{project_id}/members", operation_id="listProjectMembers", openapi_extra=refuses(codes.NOT_FOUND))
def list_project_members(project_id: ProjectId, principal: Reader) -> ProjectMembersResponse:
    """List who was let into a project."""
    found = projects.members(principal, project_id)
    return ProjectMembersResponse(
        items=[ProjectMemberResponse.model_validate(one, from_attributes=True) for one in found]
    )


@router.put(
    "/projects/{project_id}/members/{user_id}",
    status_code=204,
    operation_id="putProjectMember",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ABOVE_YOU),
)
def put_project_member(project_id: ProjectId, user_id: MemberId, body: ProjectRole, principal: Manager) -> Response:
    """Let a member of the workspace, or a service account, into a project, or give them another role there.

    They may do there what this role says and what their role in the workspace allows in the project of all members.
    """
    projects.put_member(principal, project_id, user_id, Given(body.role, body.role_id))
    return Response(status_code=204)


@router.delete(
    "/projects/{project_id}/members/{user_id}",
    status_code=204,
    operation_id="dropProjectMember",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ABOVE_YOU),
)
def drop_project_member(project_id: ProjectId, user_id: MemberId, principal: Manager) -> Response:
    """Take somebody out of a project: they see nothing of it at their next request."""
    projects.drop_member(principal, project_id, user_id)
    return Response(status_code=204)


@router.put(
    "/workflows/{workflow_id}/project",
    status_code=204,
    operation_id="moveWorkflow",
    openapi_extra=refuses(codes.NOT_FOUND, codes.CREDENTIAL_ELSEWHERE),
)
def move_workflow(workflow_id: WorkflowId, body: MoveRequest, principal: Editor) -> Response:
    """Move a workflow, with its versions and executions, into another project.

    It must not use credentials that stay behind; it leaves its folder, and those it is shared with keep it.
    """
    moving.move_workflow(principal, workflow_id, body.project_id)
    return Response(status_code=204)


@router.put(
    "/credentials/{credential_id}/project",
    status_code=204,
    operation_id="moveCredential",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN, codes.CREDENTIAL_IN_USE),
)
def move_credential(credential_id: CredentialId, body: MoveRequest, principal: Keeper) -> Response:
    """Move a credential into another project. No workflow of its project may use it."""
    moving.move_credential(principal, credential_id, body.project_id)
    return Response(status_code=204)


@router.get("/workflows/{workflow_id}/shares", operation_id="listShares", openapi_extra=refuses(codes.NOT_FOUND))
def list_shares(workflow_id: WorkflowId, principal: Reader) -> SharesResponse:
    """List with whom a workflow is shared besides its project."""
    return _shares(workflow_shares.listed(principal, workflow_id))


@router.put(
    "/workflows/{workflow_id}/shares",
    operation_id="shareWorkflow",
    openapi_extra=refuses(codes.NOT_FOUND, codes.ABOVE_YOU, codes.TOO_MANY, codes.NAME_TAKEN),
)
def share_workflow(workflow_id: WorkflowId, body: ShareRequest, principal: Manager) -> SharesResponse:
    """Share a workflow, and its executions, with a member or a project; or change what they may do with it."""
    given = Given(body.role, body.role_id)
    return _shares(workflow_shares.share(principal, workflow_id, body.user_id, body.project_id, given))


@router.delete(
    "/workflows/{workflow_id}/shares/{share_id}",
    status_code=204,
    operation_id="unshareWorkflow",
    openapi_extra=refuses(codes.NOT_FOUND),
)
def unshare_workflow(workflow_id: WorkflowId, share_id: ShareId, principal: Manager) -> Response:
    """Take a share back."""
    workflow_shares.unshare(principal, workflow_id, share_id)
    return Response(status_code=204)


def _shown(one: projects.Seen) -> ProjectResponse:
    it, counted = one.counted.project, one.counted
    return ProjectResponse(
        id=it.id,
        name=it.name,
        is_default=it.is_default,
        created_at=it.created_at,
        workflows=counted.workflows,
        credentials=counted.credentials,
        members=counted.members,
        permissions=one.permissions,
    )


def _shares(found: list[workflow_shares.Shown]) -> SharesResponse:
    return SharesResponse(items=[ShareResponse.model_validate(one, from_attributes=True) for one in found])
