"""What puts workflows in order: folders, tags, and actions on many at once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import PublisherDep, check_permission, requires
from api.params import FolderId, TagId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.organising import (
    BulkItem,
    BulkRequest,
    BulkResponse,
    FolderRequest,
    FolderResponse,
    FoldersResponse,
    TagRequest,
    TagResponse,
    TagsResponse,
)
from api.services import bulk, folders, tags
from api.services.tokens import Principal
from stepweave_data.models import Folder, Tag

router = APIRouter(tags=["workflows"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]
NEEDS = {
    "enable": Permission.WORKFLOWS_PUBLISH,
    "disable": Permission.WORKFLOWS_PUBLISH,
    "export": Permission.WORKFLOWS_READ,
}


@router.post(
    "/workflows/bulk",
    operation_id="changeWorkflows",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NOT_ALLOWED, codes.ANSWER_TOO_LARGE),
)
def change_workflows(body: BulkRequest, principal: Reader, publisher: PublisherDep) -> BulkResponse:
    """Do one thing to many workflows; each result says what became of it."""
    check_permission(principal, NEEDS.get(body.action, Permission.WORKFLOWS_WRITE))
    wanted = bulk.Request(body.action, body.folder_id, body.add_tag_ids, body.remove_tag_ids)
    done = bulk.carry_out(principal, publisher, wanted, body.ids)
    return BulkResponse(
        items=[
            BulkItem(id=one.id, ok=one.code is None, code=one.code, message=one.message, document=one.document)
            for one in done
        ]
    )


@router.get("/folders", operation_id="listFolders")
def list_folders(principal: Reader) -> FoldersResponse:
    """List all folders."""
    found = folders.list_folders(principal)
    return FoldersResponse(items=[_folder(counted.folder, counted.workflows) for counted in found])


@router.post(
    "/folders",
    status_code=201,
    operation_id="createFolder",
    openapi_extra=refuses(codes.NOT_FOUND, codes.PROJECT_NEEDED, codes.NAME_TAKEN, codes.TOO_DEEP, codes.TOO_MANY),
)
def create_folder(body: FolderRequest, principal: Writer) -> FolderResponse:
    """Make a folder."""
    return _folder(folders.create(principal, body.name, body.parent_id, body.project_id), 0)


@router.put(
    "/folders/{folder_id}",
    operation_id="changeFolder",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN, codes.TOO_DEEP, codes.FOLDER_IN_ITSELF),
)
def change_folder(folder_id: FolderId, body: FolderRequest, principal: Writer) -> FoldersResponse:
    """Rename a folder, or move it into another; answers with all folders."""
    folders.change(principal, folder_id, body.name, body.parent_id)
    return list_folders(principal)


@router.delete(
    "/folders/{folder_id}",
    status_code=204,
    operation_id="deleteFolder",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN),
)
def delete_folder(folder_id: FolderId, principal: Writer) -> Response:
    """Delete a folder. What was in it goes to the folder above."""
    folders.delete(principal, folder_id)
    return Response(status_code=204)


@router.get("/tags", operation_id="listTags")
def list_tags(principal: Reader) -> TagsResponse:
    """List all tags."""
    return TagsResponse(items=[_tag(counted.tag, counted.workflows) for counted in tags.list_tags(principal)])


@router.post(
    "/tags", status_code=201, operation_id="createTag", openapi_extra=refuses(codes.NAME_TAKEN, codes.TOO_MANY)
)
def create_tag(body: TagRequest, principal: Writer) -> TagResponse:
    """Make a tag."""
    return _tag(tags.create(principal, body.name, body.color), 0)


@router.put("/tags/{tag_id}", operation_id="changeTag", openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN))
def change_tag(tag_id: TagId, body: TagRequest, principal: Writer) -> TagsResponse:
    """Rename or recolour a tag; answers with all tags."""
    tags.change(principal, tag_id, body.name, body.color)
    return list_tags(principal)


@router.delete("/tags/{tag_id}", status_code=204, operation_id="deleteTag", openapi_extra=refuses(codes.NOT_FOUND))
def delete_tag(tag_id: TagId, principal: Writer) -> Response:
    """Delete a tag. Workflows lose it."""
    tags.delete(principal, tag_id)
    return Response(status_code=204)


def _folder(folder: Folder, workflows: int) -> FolderResponse:
    return FolderResponse(id=folder.id, name=folder.name, parent_id=folder.parent_id, workflows=workflows)


def _tag(tag: Tag, workflows: int) -> TagResponse:
    return TagResponse.model_validate({"id": tag.id, "name": tag.name, "color": tag.color, "workflows": workflows})
