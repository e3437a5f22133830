"""Live tickets, health, node types."""

from typing import Any

from api.schemas.base import Schema


class TicketResponse(Schema):
    """A ticket for one WebSocket connection to `url`, good once and for `expiresIn` seconds."""

    ticket: str
    url: str
    expires_in: int


class HealthResponse(Schema):
    """The API answers."""

    status: str


class ReadyResponse(Schema):
    """Each dependency: `ok`, or what is wrong with it."""

    status: str
    checks: dict[str, str]


class NodeTypesResponse(Schema):
    """The catalogue (docs/reference/catalog.json): node types and credential types."""

    nodes: list[dict[str, Any]]
    credentials: list[dict[str, Any]]
