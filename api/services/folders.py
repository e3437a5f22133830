"""Folders of workflows. They nest, without circles; a folder that goes leaves what it had to the one above it."""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api import codes
from api.refusals import Refused
from api.services.tokens import Principal
from api.services.workflows import audit
from stepweave_data.database import tenant_session
from stepweave_data.models import Folder, Workflow

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
    count = (
        select(func.count())
        .where(Workflow.folder_id == Folder.id, Workflow.deleted_at.is_(None))
        .correlate(Folder)
        .scalar_subquery()
    )
    with tenant_session(principal.tenant_id) as session:
        query = select(Folder, count).order_by(func.lower(Folder.name))
        return [Counted(row[0], row[1]) for row in session.execute(query)]


def create(principal: Principal, name: str, parent_id: uuid.UUID | None) -> Folder:
    """Make a folder. Raises Refused: `not_found` (the parent), `name_taken`, `too_deep`, `too_many`."""
    folder = Folder(id=uuid.uuid4(), tenant_id=principal.tenant_id, name=name, parent_id=parent_id)
    try:
        with tenant_session(principal.tenant_id) as session:
            if (session.scalar(select(func.count()).select_from(Folder)) or 0) >= MOST:
                raise Refused(codes.TOO_MANY, f"There are {MOST} folders already; delete one, or use tags.")
            _check_place(session, folder, parent_id)
            session.add(folder)
            session.flush()
            audit(session, principal, "folder.created", folder.id)
    except IntegrityError:
        raise _taken(name) from None
    return folder


def change(principal: Principal, folder_id: uuid.UUID, name: str, parent_id: uuid.UUID | None) -> Folder:
    """Rename or move a folder. Raises Refused: as `create`, and `folder_in_itself`."""
    try:
        with tenant_session(principal.tenant_id) as session:
            folder = find(session, folder_id)
            _check_place(session, folder, parent_id)
            folder.name, folder.parent_id = name, parent_id
            session.flush()
            audit(session, principal, "folder.changed", folder.id)
            return folder
    except IntegrityError:
        raise _taken(name) from None


def delete(principal: Principal, folder_id: uuid.UUID) -> None:
    """Delete a folder; its workflows and folders go to the one above. Raises Refused: `not_found`, `name_taken`."""
    try:
        with tenant_session(principal.tenant_id) as session:
            folder = find(session, folder_id)
            up = folder.parent_id
            session.execute(update(Workflow).where(Workflow.folder_id == folder_id).values(folder_id=up))
            session.execute(update(Folder).where(Folder.parent_id == folder_id).values(parent_id=up))
            session.delete(folder)
            audit(session, principal, "folder.deleted", folder_id)
    except IntegrityError:
        detail = "A folder in it has the name of one above it; rename or move that first."
        raise Refused(codes.NAME_TAKEN, detail) from None


def find(session: Session, folder_id: uuid.UUID) -> Folder:
    """Return a folder in a session. Raises Refused (`not_found`)."""
    folder = session.get(Folder, folder_id)
    if folder is None:
        raise codes.not_found("folder")
    return folder


def _check_place(session: Session, folder: Folder, parent_id: uuid.UUID | None) -> None:
    depth = 1 + _height(session, folder.id)
    above = parent_id
    while above is not None:
        if above == folder.id:
            raise Refused(codes.FOLDER_IN_ITSELF, "A folder cannot be moved into itself or a folder in it.")
        above = find(session, above).parent_id
        depth += 1
    if depth > MOST_DEPTH:
        raise Refused(codes.TOO_DEEP, f"Folders nest {MOST_DEPTH} deep at most; choose one further up.")


def _height(session: Session, folder_id: uuid.UUID) -> int:
    """Return how many levels of folders there are below one."""
    height, level = 0, [folder_id]
    while level := list(session.scalars(select(Folder.id).where(Folder.parent_id.in_(level)))):
        height += 1
    return height


def _taken(name: str) -> Refused:
    detail = f"There is a folder {name!r} here already; choose another name."
    return Refused(codes.NAME_TAKEN, detail, [{"field": "name", "message": detail}])
