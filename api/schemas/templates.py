"""Templates: workflows to start from."""

import uuid
from datetime import datetime
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
    """Its version; of the workspace's own the latest."""
    own: bool
    """Whether it is one of the workspace's own."""


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


class TemplateSpot(Schema):
    """A parameter of a node."""

    node_id: str
    """The node."""
    field: str
    """Its parameter."""


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
    fields: list[TemplateSpot]
    """Where it goes."""


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


class RemovedResponse(Schema):
    """Something that is not in the template: where it stood and what it was, never its value."""

    node: str
    """The name of the node; empty for the workflow itself."""
    field: str
    """Where, below the node."""
    what: str
    """What it was."""


class StrippedResponse(Schema):
    """What a template of a workflow would be."""

    credentials: list[str]
    """The credentials that it would ask for, by their names."""
    parameters: list[str]
    """The parameters that it would ask for."""
    removed: list[RemovedResponse]
    """What would be taken out."""


class SaveTemplateRequest(Schema):
    """A workflow to make a template of."""

    workflow_id: uuid.UUID
    """The workflow; its draft counts."""
    name: TemplateName
    """What the template is called; unique in its project, whatever the case."""
    summary: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")] = ""
    """What it does, in a sentence."""
    uses: Annotated[list[str], Field(default_factory=list, max_length=5, examples=[["data", "webhooks"]])]
    """What it is for."""


class ChangeTemplateRequest(Schema):
    """What a template says of itself."""

    name: TemplateName
    """What it is called."""
    summary: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")] = ""
    """What it does."""
    uses: Annotated[list[str], Field(default_factory=list, max_length=5, examples=[["data", "webhooks"]])]
    """What it is for."""


class TemplateVersionRequest(Schema):
    """The next version of a template."""

    workflow_id: uuid.UUID
    """The workflow whose draft it is; it must be in the template's project."""
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00]*$")] = ""
    """What is new."""


class SavedTemplateResponse(Schema):
    """A template of the workspace's own that was saved."""

    id: uuid.UUID
    """The template."""
    name: str
    """What it is called."""
    version: int
    """The version that was saved."""
    removed: list[RemovedResponse]
    """What was taken out of the workflow."""


class TemplateVersionResponse(Schema):
    """A version of a template."""

    number: int
    """Its number, from 1."""
    note: str
    """What is new in it."""
    created_by: str | None
    """Who made it; null where nobody knows any more."""
    created_at: datetime
    """When."""


class TemplateVersionsResponse(Schema):
    """The versions of a template of the workspace's own."""

    items: list[TemplateVersionResponse]
    """The versions, the latest first."""


class UseTemplateRequest(Schema):
    """What is filled in."""

    version: Annotated[int, Field(ge=1)] | None = None
    """The version of a template of the workspace's own; the latest without it."""

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
