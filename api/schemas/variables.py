"""Variables of a workspace."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.schemas.base import Schema

VariableName = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
VariableKind = Literal["text", "number", "boolean", "json"]
EnvironmentKey = Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z][a-z0-9-]{0,31}$")]


class VariableRequest(Schema):
    """A variable: workflows read it as `$vars.name`, from their next start on."""

    name: VariableName
    """What expressions call it; unique, whatever the case."""
    kind: VariableKind = "text"
    """What its values are; `json` for an object or a list."""
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00]*$")] = ""
    """What it is for."""
    values: Annotated[dict[EnvironmentKey, Any], Field(max_length=20, examples=[{"production": "https://example.com"}])]
    """What it is, by the key of the environment; a value has 4,000 bytes of JSON at most."""


class VariableResponse(Schema):
    """A variable, and who reads it."""

    id: uuid.UUID
    """Names the variable in paths."""
    name: str
    """What expressions call it."""
    kind: VariableKind
    """What its values are."""
    description: str
    """What it is for."""
    values: Annotated[dict[str, Any], Field(examples=[{"production": "https://example.com"}])]
    """What it is, by the key of the environment."""
    workflows: list[str]
    """The names of published workflows that read it by its name."""
    updated_at: datetime
    """When it was changed last."""


class VariablesResponse(Schema):
    """All variables, by name."""

    items: list[VariableResponse]
    """The variables."""
