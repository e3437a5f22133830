"""Folders of workflows. They nest, without circles; a folder that goes leaves what it had to the one above it."""

import uuid
from dataclasses import dataclass
from typing import Final

from api import codes
from api.permissions import Permission
from api.refusals import Refused
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services import projects
from api.services.tokens import Principal
from stepweave_data.models import Folder

MOST: Final = 500
MOST_DEPTH: Final = 8
"""Deeper ones could not be shown in a tree at the side."""


@dataclass(frozen=True)
class Counted:
    """A folder and how many workflows are in it, without those below."""

    folder: Folder
    workflows: int


def list_folders(principal: Principal) -> list[Counted]:
    """Return all, by name."""
    with rows_of(principal.tenant_id) as rows:
        return [Counted(folder, workflows) for folder, workflows in rows.folders.counted()]


def create(principal: Principal, name: str, parent_id: uuid.UUID | None, project_id: uuid.UUID | None = None) -> Folder:
    """Make a folder, in the project of the one above.

    Raises:
        Refused: `not_found` (the parent, the project), `not_allowed`, `project_needed`, `name_taken`, `too_deep`,
            `too_many`.
    """
    folder = Folder(id=uuid.uuid4(), tenant_id=principal.tenant_id, name=name, parent_id=parent_id)
    try:
        with rows_of(principal.tenant_id) as rows:
            if rows.folders.count() >= MOST:
                raise Refused(codes.TOO_MANY, f"There are {MOST} folders already; delete one, or use tags.")
            _check_place(rows, folder, parent_id)
            if parent_id is None:
                folder.project_id = projects.place(rows, principal, project_id, Permission.WORKFLOWS_WRITE)
            rows.add(folder)
            rows.note(principal.user_id, "folder.created", folder.id)
    except Duplicate:
        raise _taken(name) from None
    return folder


def change(principal: Principal, folder_id: uuid.UUID, name: str, parent_id: uuid.UUID | None) -> Folder:
    """Rename or move a folder. Raises Refused: as `create`, and `folder_in_itself`."""
    try:
        with rows_of(principal.tenant_id) as rows:
            folder = find(rows, folder_id)
            _check_place(rows, folder, parent_id)
            if parent_id is not None and find(rows, parent_id).project_id != folder.project_id:
                raise codes.not_found("folder")
            folder.name, folder.parent_id = name, parent_id
            rows.note(principal.user_id, "folder.changed", folder.id)
            return folder
    except Duplicate:
        raise _taken(name) from None


def delete(principal: Principal, folder_id: uuid.UUID) -> None:
    """Delete a folder; its workflows and folders go to the one above. Raises Refused: `not_found`, `name_taken`."""
    try:
        with rows_of(principal.tenant_id) as rows:
            folder = find(rows, folder_id)
            rows.folders.empty_into(folder_id, folder.parent_id)
            rows.delete(folder)
            rows.note(principal.user_id, "folder.deleted", folder_id)
    except Duplicate:
        detail = "A folder in it has the name of one above it; rename or move that first."
        raise Refused(codes.NAME_TAKEN, detail) from None


def find(rows: Rows, folder_id: uuid.UUID) -> Folder:
    """Return a folder within a transaction. Raises Refused (`not_found`)."""
    folder = rows.get(Folder, folder_id)
    if folder is None:
        raise codes.not_found("folder")
    return folder


def _check_place(rows: Rows, folder: Folder, parent_id: uuid.UUID | None) -> None:
    depth = 1 + _height(rows, folder.id)
    above = parent_id
    while above is not None:
        if above == folder.id:
            raise Refused(codes.FOLDER_IN_ITSELF, "A folder cannot be moved into itself or a folder in it.")
        above = find(rows, above).parent_id
        depth += 1
    if depth > MOST_DEPTH:
        raise Refused(codes.TOO_DEEP, f"Folders nest {MOST_DEPTH} deep at most; choose one further up.")


def _height(rows: Rows, folder_id: uuid.UUID) -> int:
    """Return how many levels of folders there are below one."""
    height, level = 0, [folder_id]
    while level := rows.folders.below(level):
        height += 1
    return height


def _taken(name: str) -> Refused:
    detail = f"There is a folder {name!r} here already; choose another name."
    return Refused(codes.NAME_TAKEN, detail, [{"field": "name", "message": detail}])
