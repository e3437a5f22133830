"""Templates: workflows to start from."""

import uuid
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from api.schemas.base import Schema, StoredJson

TemplateName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")
]


class TemplateApp(Schema):
    """An app or a server that a template talks to."""

    key: str
    """What the filter `app` takes."""
    name: str
    """What people call it."""


class TemplateSummary(Schema):
    """A template as the gallery shows it."""

    id: str
    """Names the template in paths."""
    name: str
    """What it is called."""
    summary: str
    """What it does, in a sentence."""
    uses: Annotated[list[str], Field(examples=[["data", "webhooks"]])]
    """What it is for."""
    apps: list[TemplateApp]
    """What it talks to."""
    node_types: Annotated[list[str], Field(examples=[["webhook_trigger", "validate", "database"]])]
    """The types of its nodes, each once, in the order of the document."""
    version: int
    """Its version."""


class TemplateCount(Schema):
    """How many templates there are of a use or an app."""

    key: str
    """What the filter takes."""
    name: str
    """What people call an app; of a use its key."""
    count: int
    """How many of all templates, whatever is looked for."""


class TemplatesResponse(Schema):
    """Templates that fit, and what can be filtered by."""

    items: list[TemplateSummary]
    """The templates, by name."""
    uses: list[TemplateCount]
    """All uses that there are."""
    apps: list[TemplateCount]
    """All apps that there are, by name."""


class TemplateCredential(Schema):
    """A credential that a template needs."""

    id: str
    """What `credentials` is answered by."""
    name: str
    """What it is, for people."""
    why: str
    """What it is for."""
    types: Annotated[list[str], Field(examples=[["postgres"]])]
    """The types that fit; `*` for any."""


class TemplateParameter(Schema):
    """A parameter that a template asks for."""

    id: str
    """What `parameters` is answered by."""
    label: str
    """What is asked."""
    example: bool
    """Whether what stands there is an example only: then it must be answered."""
    node_id: str
    """The node whose form field it has."""
    field: str
    """The parameter of that node."""
    value: Annotated[Any, Field(examples=["#general"])]
    """What stands there: the answer where none is given, or an example."""


class TemplateResponse(TemplateSummary):
    """A template with its workflow and what it asks for."""

    workflow: StoredJson
    """The workflow that is made of it, before anything is filled in."""
    credentials: list[TemplateCredential]
    """The credentials that it needs."""
    parameters: list[TemplateParameter]
    """The parameters that it asks for."""
    unknown_nodes: list[str]
    """The names of nodes whose type is not here: with any, it cannot be used."""


class UseTemplateRequest(Schema):
    """What is filled in."""

    project_id: uuid.UUID | None = None
    """The project to make the workflow in; without it the one of all members."""
    folder_id: uuid.UUID | None = None
    """The folder to put it in."""
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00]*$")] = ""
    """What the workflow is to be called; empty for the template's name."""
    credentials: Annotated[
        dict[str, Annotated[str, StringConstraints(max_length=64)] | None],
        Field(default_factory=dict, max_length=50, examples=[{"postgres": None}]),
    ]
    """The credentials by their ids in the template; null for one that is chosen later, in the editor."""
    parameters: Annotated[
        dict[str, Any], Field(default_factory=dict, max_length=200, examples=[{"save.table": "orders"}])
    ]
    """The parameters by their ids in the template; without one, what stands there stays."""


class UsedTemplateResponse(Schema):
    """The workflow that was made."""

    id: uuid.UUID
    """The workflow."""
    name: str
    """What it is called."""
    project_id: uuid.UUID
    """The project that it is in."""
