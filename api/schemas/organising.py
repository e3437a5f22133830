"""Folders, tags, and actions on many workflows at once."""

import uuid
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.schemas.base import Schema

FolderName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00]*$")
]
TagName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
TagColor = Literal["gray", "indigo", "blue", "teal", "green", "amber", "red"]


class FolderRequest(Schema):
    """A folder's name and the folder it is in; without one it is at the top."""

    name: FolderName
    """What it is called; unique in its folder, whatever the case."""
    parent_id: uuid.UUID | None = None
    """The folder that it is in; null at the top."""
    project_id: uuid.UUID | None = None
    """The project of a new one at the top; without it the one of all members, or the only one where you may."""


class FolderResponse(Schema):
    """A folder, and how many workflows are in it, without those below."""

    id: uuid.UUID
    """Names the folder in paths."""
    name: str
    """What it is called."""
    parent_id: uuid.UUID | None
    """The folder that it is in; null at the top."""
    workflows: int
    """How many workflows are in it, without those below."""


class FoldersResponse(Schema):
    """All folders, by name."""

    items: list[FolderResponse]
    """The folders."""


class TagRequest(Schema):
    """A tag's name and colour."""

    name: TagName
    """What it is called; unique, whatever the case."""
    color: TagColor = "gray"
    """Its colour in the app."""


class TagResponse(Schema):
    """A tag, and how many workflows have it."""

    id: uuid.UUID
    """Names the tag in paths."""
    name: str
    """What it is called."""
    color: TagColor
    """Its colour in the app."""
    workflows: int
    """How many workflows have it."""


class TagsResponse(Schema):
    """All tags, by name."""

    items: list[TagResponse]
    """The tags."""


class BulkRequest(Schema):
    """An action on many workflows.

    `move` goes to `folderId`, out of all folders without one; `tag` adds `addTagIds` and removes `removeTagIds`.
    """

    action: Literal["enable", "disable", "move", "tag", "delete", "export"]
    """What to do."""
    ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=100)]
    """To which workflows."""
    folder_id: uuid.UUID | None = None
    """Where `move` goes; null for out of all folders."""
    add_tag_ids: Annotated[list[uuid.UUID], Field(max_length=50)] = Field(default_factory=list)
    """Tags that `tag` adds."""
    remove_tag_ids: Annotated[list[uuid.UUID], Field(max_length=50)] = Field(default_factory=list)
    """Tags that `tag` removes."""


class BulkItem(Schema):
    """What became of one workflow: `code` and `message` where it failed, its `document` where it was exported."""

    id: uuid.UUID
    """The workflow."""
    ok: bool
    """Whether it was done."""
    code: str | None
    """Which refusal; null where it was done."""
    message: str | None
    """What was wrong, for people; null where it was done."""
    document: dict[str, Any] | None
    """The document, of an export."""


class BulkResponse(Schema):
    """What became of each, in the order given."""

    items: list[BulkItem]
    """A result for each."""
