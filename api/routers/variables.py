"""Variables of a workspace."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import requires
from api.params import VariableId
from api.permissions import Permission
from api.refusing import refuses
from api.schemas.variables import VariableRequest, VariableResponse, VariablesResponse
from api.services import variables
from api.services.tokens import Principal

router = APIRouter(tags=["variables"], route_class=JsonRoute)

Reader = Annotated[Principal, Depends(requires(Permission.VARIABLES_READ))]
Writer = Annotated[Principal, Depends(requires(Permission.VARIABLES_WRITE))]


@router.get("/variables", operation_id="listVariables")
def list_variables(principal: Reader) -> VariablesResponse:
    """List all variables, with their values: they are no secrets."""
    return VariablesResponse(items=[_row(one) for one in variables.list_variables(principal)])


@router.post(
    "/variables",
    status_code=201,
    operation_id="createVariable",
    openapi_extra=refuses(codes.NAME_TAKEN, codes.TOO_MANY),
)
def create_variable(body: VariableRequest, principal: Writer) -> VariableResponse:
    """Make a variable."""
    return _row(variables.create(principal, _given(body)))


@router.put(
    "/variables/{variable_id}",
    operation_id="changeVariable",
    openapi_extra=refuses(codes.NOT_FOUND, codes.NAME_TAKEN, codes.VARIABLE_IN_USE),
)
def change_variable(variable_id: VariableId, body: VariableRequest, principal: Writer) -> VariableResponse:
    """Change a variable; executions that have started keep what they read."""
    return _row(variables.change(principal, variable_id, _given(body)))


@router.delete(
    "/variables/{variable_id}",
    status_code=204,
    operation_id="deleteVariable",
    openapi_extra=refuses(codes.NOT_FOUND, codes.VARIABLE_IN_USE),
)
def delete_variable(variable_id: VariableId, principal: Writer) -> Response:
    """Delete a variable that no published workflow reads."""
    variables.delete(principal, variable_id)
    return Response(status_code=204)


def _given(body: VariableRequest) -> variables.Given:
    return variables.Given(body.name, body.kind, body.description, body.values)


def _row(one: variables.Shown) -> VariableResponse:
    variable = one.variable
    return VariableResponse.model_validate(
        {
            "id": variable.id,
            "name": variable.name,
            "kind": variable.kind,
            "description": variable.description,
            "values": one.values,
            "workflows": one.workflows,
            "updated_at": variable.updated_at,
        }
    )
