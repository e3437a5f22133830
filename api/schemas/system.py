"""Live tickets, health, node types."""

from typing import Any

from api.schemas.base import Schema


class TicketResponse(Schema):
    """A ticket for one WebSocket connection to `url`, good once and for `expiresIn` seconds."""

    ticket: str
    """Goes into the URL's query: `?ticket=...`."""
    url: str
    """Where to connect."""
    expires_in: int
    """Seconds until the ticket has expired."""


class HealthResponse(Schema):
    """The API answers."""

    status: str
    """Always `ok`."""


class ReadyResponse(Schema):
    """Each dependency: `ok`, or what is wrong with it."""

    status: str
    """`ok`, or `failing`."""
    checks: dict[str, str]
    """Of each dependency `ok`, or what is wrong."""


class NodeTypesResponse(Schema):
    """The catalogue (docs/reference/catalog.json): node types and credential types."""

    nodes: list[dict[str, Any]]
    """The node types, each with its ports, form and documentation."""
    credentials: list[dict[str, Any]]
    """The credential types, each with its form."""
