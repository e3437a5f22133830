"""APIs that the workspace knows by their OpenAPI documents."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.params import ApiId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.apis import (
    ApiChangeRequest,
    ApiEntry,
    ApiOperationEntry,
    ApiOperationResponse,
    ApiRequest,
    ApiResponse,
    ApisResponse,
    ApiTextResponse,
)
from api.services import apis
from api.services.tokens import Principal
from stepweave_data.models import Api

router = APIRouter(tags=["apis"], route_class=JsonRoute)

MOST_LISTED: Final = 5000
"""Operations in the list of all APIs, whose answer has 6 MB at most (Lambda quotas)."""

INDEXED: Final = tuple(ApiOperationEntry.model_fields)

OperationName = Annotated[str, Query(min_length=1, max_length=300, description="The operation's name in the document.")]
Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_WRITE))]


@router.get("/apis", operation_id="listApis")
def list_apis(principal: Reader) -> ApisResponse:
    """List the APIs that nodes can ask, with their operations in short: 5,000 of them at most."""
    items, left = [], MOST_LISTED
    for one, operations in apis.apis(principal):
        listed = [ApiOperationEntry(**operation) for operation in operations[:left]]
        left -= len(listed)
        items.append(ApiEntry(**_facts(one), operation_count=len(operations), operations=listed))
    return ApisResponse(items=items)


@router.post(
    "/apis",
    status_code=201,
    operation_id="addApi",
    openapi_extra=refuses(codes.NOT_FOUND, codes.PROJECT_NEEDED, codes.API_INVALID, codes.NAME_TAKEN, codes.TOO_MANY),
)
def add_api(body: ApiRequest, principal: Writer) -> ApiResponse:
    """Add an API by its OpenAPI document."""
    return _whole(apis.add(principal, body.document, body.name, body.base_url, body.project_id))


@router.get("/apis/{api_id}", operation_id="getApi", openapi_extra=refuses(codes.NOT_FOUND))
def get_api(api_id: ApiId, principal: Reader) -> ApiResponse:
    """Return all that is known of an API, but its document."""
    return _whole(apis.api(principal, api_id))


@router.get("/apis/{api_id}/operation", operation_id="getApiOperation", openapi_extra=refuses(codes.NOT_FOUND))
def get_api_operation(api_id: ApiId, id: OperationName, principal: Reader) -> ApiOperationResponse:
    """Return what an operation of an API takes and answers."""
    return ApiOperationResponse.model_validate(apis.operation(principal, api_id, id))


@router.get("/apis/{api_id}/document", operation_id="getApiDocument", openapi_extra=refuses(codes.NOT_FOUND))
def get_api_document(api_id: ApiId, principal: Reader) -> ApiTextResponse:
    """Return the OpenAPI document of an API."""
    return ApiTextResponse(document=apis.api(principal, api_id).document)


@router.put(
    "/apis/{api_id}",
    operation_id="changeApi",
    openapi_extra=refuses(codes.NOT_FOUND, codes.API_INVALID, codes.NAME_TAKEN),
)
def change_api(api_id: ApiId, body: ApiChangeRequest, principal: Writer) -> ApiResponse:
    """Give an API another document, name or URL. What is published goes on with what it was published with."""
    return _whole(apis.change(principal, api_id, body.document, body.name, body.base_url))


@router.delete("/apis/{api_id}", status_code=204, operation_id="deleteApi", openapi_extra=refuses(codes.NOT_FOUND))
def delete_api(api_id: ApiId, principal: Writer) -> Response:
    """Delete an API. What is published goes on with what it was published with."""
    apis.delete(principal, api_id)
    return Response(status_code=204)


def _whole(one: Api) -> ApiResponse:
    known = {"servers": one.servers, "schemes": one.schemes, "problems": one.problems}
    operations = [ApiOperationEntry(**{name: told[name] for name in INDEXED}) for told in one.operations]
    return ApiResponse(**_facts(one), **known, operation_count=one.operation_count, operations=operations)


def _facts(one: Api) -> dict[str, Any]:
    names = ("id", "name", "version", "words", "base_url", "updated_at")
    return {name: getattr(one, name) for name in names}
