"""What models cost."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.prices import PriceRequest, PriceResponse, PriceSource, PricesResponse, Provider
from api.services import prices
from api.services.tokens import Principal
from stepweave.spec.prices import list_prices

router = APIRouter(tags=["models"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.WORKFLOWS_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.TENANT_WRITE))]
OfProvider = Annotated[Provider, Query(description="The provider.")]
OfModel = Annotated[str, Query(min_length=1, max_length=300, pattern=r"^[^\x00]*$", description="The model.")]


@router.get("/models/prices", operation_id="listModelPrices")
def list_model_prices(principal: Reader) -> PricesResponse:
    """List what models cost: the providers' lists, and what the workspace has set."""
    sources = [PriceSource(provider=name, source=known.source) for name, known in list_prices().items()]
    return PricesResponse(items=[_row(one) for one in prices.prices(principal)], sources=sources)


@router.put("/models/prices", operation_id="setModelPrice", openapi_extra=refuses(codes.TOO_MANY))
def set_model_price(body: PriceRequest, principal: Writer) -> PriceResponse:
    """Set what a model costs the workspace, from now on."""
    rates = body.rates.model_dump(exclude_none=True)
    return _row(prices.set_price(principal, body.provider, body.model, rates))


@router.delete(
    "/models/prices", status_code=204, operation_id="deleteModelPrice", openapi_extra=refuses(codes.NOT_FOUND)
)
def delete_model_price(provider: OfProvider, model: OfModel, principal: Writer) -> Response:
    """Delete the price that the workspace has set: the list's counts again, where there is one."""
    prices.delete(principal, provider, model)
    return Response(status_code=204)


def _row(one: prices.Priced) -> PriceResponse:
    return PriceResponse.model_validate(one)
