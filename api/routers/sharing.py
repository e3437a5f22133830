"""Files that people share by links: the only route, besides logging in, that strangers may ask."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import CallerDep, RedisDep, StorageDep
from api.refusing import refuses
from api.services.limits import SHARED, limit
from api.services.sharing import url_of

router = APIRouter(tags=["store"], route_class=JsonRoute)

Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{32}$", description="The link's secret part.")]
Name = Annotated[str, Path(max_length=1000, description="The file's name, for people; any will do.")]


@router.get(
    "/shared/{token}/{name}",
    status_code=302,
    response_class=Response,
    operation_id="getSharedFile",
    openapi_extra=refuses(codes.NOT_FOUND, codes.TOO_MANY_TRIES),
)
def get_shared_file(token: Token, name: Name, redis: RedisDep, caller: CallerDep, storage: StorageDep) -> Response:
    """Lead to a file that somebody shares by a link (node *Storage*), to be saved. Nobody needs to be logged in."""
    limit(redis, SHARED, caller.address)
    headers = {"location": url_of(storage, token), "cache-control": "no-store", "referrer-policy": "no-referrer"}
    return Response(status_code=302, headers=headers)
