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
    parent_id: uuid.UUID | None = None


class FolderResponse(Schema):
    """A folder, and how many workflows are in it, without those below."""

    id: uuid.UUID
    name: str
    parent_id: uuid.UUID | None
    workflows: int


class FoldersResponse(Schema):
    """All folders, by name."""

    items: list[FolderResponse]


class TagRequest(Schema):
    """A tag's name and colour."""

    name: TagName
    color: TagColor = "gray"


class TagResponse(Schema):
    """A tag, and how many workflows have it."""

    id: uuid.UUID
    name: str
    color: TagColor
    workflows: int


class TagsResponse(Schema):
    """All tags, by name."""

    items: list[TagResponse]


class BulkRequest(Schema):
    """An action on many workflows.

    `move` goes to `folderId`, out of all folders without one; `tag` adds `addTagIds` and removes `removeTagIds`.
    """

    action: Literal["enable", "disable", "move", "tag", "delete", "export"]
    ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=100)]
    folder_id: uuid.UUID | None = None
    add_tag_ids: Annotated[list[uuid.UUID], Field(max_length=50)] = Field(default_factory=list)
    remove_tag_ids: Annotated[list[uuid.UUID], Field(max_length=50)] = Field(default_factory=list)


class BulkItem(Schema):
    """What became of one workflow: `code` and `message` where it failed, its `document` where it was exported."""

    id: uuid.UUID
    ok: bool
    code: str | None
    message: str | None
    document: dict[str, Any] | None


class BulkResponse(Schema):
    """What became of each, in the order given."""

    items: list[BulkItem]
