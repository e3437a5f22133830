"""Projects, who is in them, and with whom a workflow is shared."""

import uuid
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from api.permissions import CUSTOM, Permission
from api.schemas.base import Schema

ProjectName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")
]


class ProjectRequest(Schema):
    """A project's name."""

    name: ProjectName
    """What it is called; unique in the workspace, whatever its case."""


class ProjectResponse(Schema):
    """A project."""

    id: uuid.UUID
    """Names it in paths."""
    name: str
    """What it is called."""
    is_default: bool
    """Whether all members of the workspace are in it, by their roles in the workspace."""
    created_at: datetime
    """When it was made."""
    workflows: int
    """How many workflows it has."""
    credentials: int
    """How many credentials it has."""
    members: int
    """How many people were let into it by a role of its own."""
    permissions: list[Permission]
    """What the caller may do in it."""


class ProjectsResponse(Schema):
    """The projects that the caller is in, the one of all members first."""

    items: list[ProjectResponse]
    """The projects."""


class ProjectRole(Schema):
    """A role to give in a project."""

    role: Literal["manager", "editor", "operator", "viewer", "custom"]
    """`manager`, `editor`, `operator`, `viewer`, or `custom` for one of the workspace's own."""
    role_id: uuid.UUID | None = None
    """Which of the workspace's own, for `custom` alone."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.role == CUSTOM) != (self.role_id is not None):
            raise ValueError("roleId goes with the role custom, and with no other.")
        return self


class ProjectMemberResponse(Schema):
    """Somebody who was let into a project."""

    user_id: uuid.UUID
    """Who."""
    name: str
    """What they are called."""
    email: str
    """Their address."""
    kind: Literal["person", "service"]
    """Whether it is a person or a service account."""
    role: str
    """What they may do there: `manager`, `editor`, `operator`, `viewer` or `custom`."""
    role_id: uuid.UUID | None
    """Which of the workspace's own roles; null for the others."""
    role_name: str | None
    """What a role of the workspace's own is called; null for the others."""


class ProjectMembersResponse(Schema):
    """Who was let into a project, by name. Owners and admins see every project and are not listed."""

    items: list[ProjectMemberResponse]
    """Who is in it."""


class MoveRequest(Schema):
    """Where to."""

    project_id: uuid.UUID
    """The project that it is to belong to."""


class ShareRequest(Schema):
    """With whom a workflow is to be shared, and as what."""

    user_id: uuid.UUID | None = None
    """A member of the workspace."""
    project_id: uuid.UUID | None = None
    """A project: all who are in it."""
    role: Literal["editor", "operator", "viewer", "custom"]
    """`editor`, `operator`, `viewer`, or `custom` for one of the workspace's own."""
    role_id: uuid.UUID | None = None
    """Which of the workspace's own, for `custom` alone."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.role == CUSTOM) != (self.role_id is not None):
            raise ValueError("roleId goes with the role custom, and with no other.")
        if (self.user_id is None) == (self.project_id is None):
            raise ValueError("Give userId or projectId: one of the two.")
        return self


class ShareResponse(Schema):
    """A share of a workflow."""

    id: uuid.UUID
    """Names it in paths."""
    user_id: uuid.UUID | None
    """With whom; null for a project."""
    project_id: uuid.UUID | None
    """With which project; null for a person."""
    name: str
    """What they, or it, are called; empty for a project that the caller does not see."""
    email: str | None
    """The person's address."""
    role: str
    """What they may do with it."""
    role_id: uuid.UUID | None
    """Which of the workspace's own roles; null for the others."""
    role_name: str | None
    """What a role of the workspace's own is called; null for the others."""


class SharesResponse(Schema):
    """With whom a workflow is shared besides its project, the first first."""

    items: list[ShareResponse]
    """The shares."""
