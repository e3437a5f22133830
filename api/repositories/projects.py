"""Projects, who is in them, and workflows that are shared one by one."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, any_, delete, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.repositories.live import LIVE
from stepweave_data.models import (
    Api,
    Credential,
    Execution,
    Folder,
    Membership,
    OwnTemplate,
    Project,
    ProjectMember,
    Role,
    Schedule,
    StoreEntry,
    StoreTable,
    User,
    Wait,
    Workflow,
    WorkflowShare,
    WorkflowVersion,
)
from stepweave_data.models import MemorySession as Talk

_THINGS: Final[dict[str, InstrumentedAttribute[uuid.UUID]]] = {
    "workflow_id": Workflow.id,
    "execution_id": Execution.id,
    "credential_id": Credential.id,
    "folder_id": Folder.id,
    "api_id": Api.id,
    "table_id": StoreTable.id,
    "talk_id": Talk.id,
    "schedule_id": Schedule.id,
    "approval_id": Wait.id,
    "project_id": Project.id,
}
"""Names of path parameters -> what they name."""


@dataclass(frozen=True)
class Counted:
    """A project and how much is in it."""

    project: Project
    workflows: int
    credentials: int
    members: int


def _lives(kept: type[StoreEntry] | type[Talk]) -> ColumnElement[bool]:
    return kept.expires_at.is_(None) | (kept.expires_at > func.now())


class Projects:
    """The projects of a tenant.

    Args:
        session: the transaction.
        moved: takes each user whose rights change, so that what is kept of them counts no more.
    """

    def __init__(self, session: Session, moved: set[uuid.UUID]) -> None:
        self._session = session
        self._moved = moved

    def sees(self, name: str, value: uuid.UUID) -> bool:
        """Whether what a path parameter names is seen in this transaction; True for names that nothing has."""
        column = _THINGS.get(name)
        return column is None or self._session.scalar(select(column).where(column == value)) is not None

    def counted(self) -> list[Counted]:
        """Return all that are seen, the default one first, then by name."""
        workflows = (
            select(func.count())
            .where(Workflow.project_id == Project.id, Workflow.deleted_at.is_(None))
            .scalar_subquery()
        )
        credentials = select(func.count()).where(Credential.project_id == Project.id).scalar_subquery()
        members = select(func.count()).where(ProjectMember.project_id == Project.id).scalar_subquery()
        query = select(Project, workflows, credentials, members)
        found = self._session.execute(query.order_by(Project.is_default.desc(), func.lower(Project.name)))
        return [Counted(row[0], row[1], row[2], row[3]) for row in found]

    def count(self) -> int:
        """Return how many there are."""
        return self._session.scalar(select(func.count()).select_from(Project)) or 0

    def find(self, project_id: uuid.UUID) -> Project | None:
        """Return one that is seen, or None. Nobody else changes it until the transaction ends."""
        return self._session.scalar(select(Project).where(Project.id == project_id).with_for_update())

    def default(self) -> uuid.UUID:
        """Return the id of the one that every member is in."""
        return self._session.scalars(select(Project.id).where(Project.is_default)).one()

    def holds(self, project_id: uuid.UUID) -> list[str]:
        """Return what there is in a project, by the word for it; nothing for an empty one."""
        there = {
            "workflows": select(Workflow.id).where(Workflow.project_id == project_id, Workflow.deleted_at.is_(None)),
            "credentials": select(Credential.id).where(Credential.project_id == project_id),
            "tables": select(StoreTable.id).where(StoreTable.project_id == project_id),
            "templates": select(OwnTemplate.id).where(OwnTemplate.project_id == project_id),
            "APIs": select(Api.id).where(Api.project_id == project_id),
            "values in stores": select(StoreEntry.key).where(StoreEntry.project_id == project_id, _lives(StoreEntry)),
            "shared memories": select(Talk.id).where(Talk.project_id == project_id, _lives(Talk)),
        }
        return [word for word, query in there.items() if self._session.scalar(query.limit(1)) is not None]

    def empty_into(self, project_id: uuid.UUID, other: uuid.UUID) -> None:
        """Give what is left of deleted workflows to another project; delete folders, files, and what is over."""
        values = {"gone": project_id, "other": other}
        self._session.execute(
            text("UPDATE workflows SET folder_id = NULL, project_id = :other WHERE project_id = :gone"), values
        )
        self._session.execute(text("UPDATE folders SET parent_id = NULL WHERE project_id = :gone"), values)
        for table in ("folders", "file_links", "files", "store_entries", "memory_sessions"):
            self._session.execute(text(f"DELETE FROM {table} WHERE project_id = :gone"), values)  # noqa: S608  # of this list

    def members(self, project_id: uuid.UUID) -> list[tuple[ProjectMember, User, Role | None]]:
        """Return who is in a project, by name."""
        query = (
            select(ProjectMember, User, Role)
            .join(User, User.id == ProjectMember.user_id)
            .outerjoin(Role, Role.id == ProjectMember.role_id)
            .where(ProjectMember.project_id == project_id)
            .order_by(func.lower(User.name), User.id)
        )
        return [(row[0], row[1], row[2]) for row in self._session.execute(query)]

    def put_member(self, row: ProjectMember) -> None:
        """Say what somebody may do in a project."""
        self._moved.add(row.user_id)
        self._session.merge(row)

    def drop_member(self, project_id: uuid.UUID, user_id: uuid.UUID) -> ProjectMember | None:
        """Take somebody out of a project; return what they were, None where they were not in it."""
        self._moved.add(user_id)
        mine = (ProjectMember.project_id == project_id, ProjectMember.user_id == user_id)
        return self._session.scalar(delete(ProjectMember).where(*mine).returning(ProjectMember))

    def everybody_moves(self, project_id: uuid.UUID | None = None) -> None:
        """Have the rights of all who are in a project be read anew; without one, or in the default one, of all."""
        found = None if project_id is None else self._session.get(Project, project_id)
        if found is None or found.is_default:
            self._moved.update(self._session.scalars(select(Membership.user_id)))
        else:
            inside = select(ProjectMember.user_id).where(ProjectMember.project_id == project_id)
            self._moved.update(self._session.scalars(inside))

    def shares(self, workflow_id: uuid.UUID) -> list[tuple[WorkflowShare, User | None, Project | None, Role | None]]:
        """Return with whom a workflow is shared, the first first."""
        query = (
            select(WorkflowShare, User, Project, Role)
            .outerjoin(User, User.id == WorkflowShare.user_id)
            .outerjoin(Project, Project.id == WorkflowShare.project_id)
            .outerjoin(Role, Role.id == WorkflowShare.role_id)
            .where(WorkflowShare.workflow_id == workflow_id)
            .order_by(WorkflowShare.created_at, WorkflowShare.id)
        )
        return [(row[0], row[1], row[2], row[3]) for row in self._session.execute(query)]

    def share_with(
        self, workflow_id: uuid.UUID, user_id: uuid.UUID | None, project_id: uuid.UUID | None
    ) -> WorkflowShare | None:
        """Return how a workflow is shared with a person or a project; None where it is not."""
        whom = WorkflowShare.user_id == user_id if user_id else WorkflowShare.project_id == project_id
        return self._session.scalar(select(WorkflowShare).where(WorkflowShare.workflow_id == workflow_id, whom))

    def shared_with(self, user_id: uuid.UUID | None, project_id: uuid.UUID | None) -> int:
        """Return how many workflows are shared with a person or a project one by one."""
        whom = WorkflowShare.user_id == user_id if user_id else WorkflowShare.project_id == project_id
        return self._session.scalar(select(func.count()).select_from(WorkflowShare).where(whom)) or 0

    def put_share(self, row: WorkflowShare) -> None:
        """Share a workflow, or say anew what is shared."""
        self._shared(row)
        self._session.add(row)
        self._session.flush()

    def drop_share(self, row: WorkflowShare) -> None:
        """Share it no more."""
        self._shared(row)
        self._session.delete(row)

    def _shared(self, row: WorkflowShare) -> None:
        if row.user_id is not None:
            self._moved.add(row.user_id)
        else:
            self.everybody_moves(row.project_id)

    def credentials_elsewhere(self, ids: Collection[uuid.UUID], project_id: uuid.UUID) -> set[uuid.UUID]:
        """Return those of some ids that are credentials of other projects than one, seen or not."""
        if not ids:
            return set()
        query = text("SELECT id FROM credentials_elsewhere(:ids, :project)")
        return set(self._session.scalars(query, {"ids": list(ids), "project": project_id}))

    def workflows_with(self, id: uuid.UUID, project_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, str]]:
        """Return the id and the name of a project's workflows whose draft or a live version names something."""
        live = (
            select(WorkflowVersion.id)
            .join(
                LIVE, (LIVE.c.workflow_id == WorkflowVersion.workflow_id) & (LIVE.c.version == WorkflowVersion.number)
            )
            .where(WorkflowVersion.workflow_id == Workflow.id, any_(WorkflowVersion.names) == id)
        )
        query = (
            select(Workflow.id, Workflow.name)
            .where(Workflow.deleted_at.is_(None), Workflow.project_id == project_id)
            .where((any_(Workflow.names) == id) | live.exists())
            .order_by(func.lower(Workflow.name))
            .limit(20)
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def put(self, thing: Any, project_id: uuid.UUID) -> None:
        """Move a workflow or a credential into another project."""
        thing.project_id = project_id
        if isinstance(thing, Workflow):
            thing.folder_id = None
        self._session.flush()
