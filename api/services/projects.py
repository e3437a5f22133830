"""Projects within a workspace: who is in one sees what is in it, and nobody else but who sees all (ADR 58)."""

import uuid
from dataclasses import dataclass
from typing import Final

from api import codes
from api.permissions import CUSTOM, IN_PROJECTS, PROJECT_ROLES, Permission, project_permissions_of
from api.refusals import Refused, refused_field
from api.repositories.projects import Counted
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services.members import Given
from api.services.tokens import Principal
from stepweave_data.auditing import seeing
from stepweave_data.models import Project, ProjectMember, Role, User, Workflow
from stepweave_data.reach import Reach

MOST: Final = 200
MOST_SHARES: Final = 500
"""Workflows that are shared with one person, or one project: they are a part of each question for rights."""


@dataclass(frozen=True)
class Seen:
    """A project as its caller sees it."""

    counted: Counted
    permissions: list[Permission]


@dataclass(frozen=True)
class Inside:
    """Somebody in a project. `role_name` is there for a role of the workspace's own."""

    user_id: uuid.UUID
    name: str
    email: str
    kind: str
    role: str
    role_id: uuid.UUID | None
    role_name: str | None


def permissions_in(principal: Principal, project_id: uuid.UUID) -> frozenset[Permission]:
    """Return what somebody may do in a project."""
    if principal.only is not None and project_id not in principal.only:
        return frozenset()
    if principal.everywhere:
        return principal.permissions & IN_PROJECTS
    mine = (share.permissions for share in principal.shares if share.kind == "project" and share.id == project_id)
    return frozenset[Permission]().union(*mine)


def permissions_with(principal: Principal, workflow: Workflow) -> frozenset[Permission]:
    """Return what somebody may do with a workflow: in its project, and by what is shared with them."""
    mine = permissions_in(principal, workflow.project_id)
    if principal.only is not None:
        return mine
    shared = (one.permissions for one in principal.shares if one.kind == "workflow" and one.id == workflow.id)
    return mine.union(*shared)


def hidden(principal: Principal, name: str, value: str, seen: Reach | None) -> bool:
    """Whether what a path parameter names is out of the request's reach, and in what its caller sees."""
    try:
        id = uuid.UUID(value)
    except ValueError:
        return False
    with rows_of(principal.tenant_id) as rows:
        if rows.projects.sees(name, id):
            return False
    with seeing(seen), rows_of(principal.tenant_id) as rows:
        return rows.projects.sees(name, id)


def place(rows: Rows, principal: Principal, project_id: uuid.UUID | None, permission: Permission) -> uuid.UUID:
    """Return the project in which something is to be made.

    Args:
        rows: a transaction.
        principal: who makes it.
        project_id: the one that they name. Without one it is the default one where they may, else the only one.
        permission: what they need there.

    Raises:
        Refused: `not_found`; `not_allowed`; `project_needed` where there are several.
    """
    if project_id is not None:
        if rows.projects.find(project_id) is None or permission not in permissions_in(principal, project_id):
            with seeing(principal.reach(Permission.WORKFLOWS_READ)), rows_of(principal.tenant_id) as others:
                if not others.projects.sees("project_id", project_id):
                    raise codes.not_found("project")
            raise Refused(codes.NOT_ALLOWED, f"You may not do this in that project: it needs {permission.value} there.")
        return project_id
    reach = principal.reach(permission)
    if reach is None:
        return rows.projects.default()
    default = next((one.project for one in rows.projects.counted() if one.project.is_default), None)
    if default is not None and default.id in reach.projects:
        return default.id
    if len(reach.projects) != 1:
        words = "Say in which project: name one in which you may do this."
        raise refused_field(codes.PROJECT_NEEDED, "projectId", words)
    return next(iter(reach.projects))


def listed(principal: Principal) -> list[Seen]:
    """Return the projects that the caller is in, the default one first."""
    with rows_of(principal.tenant_id) as rows:
        return [_seen(principal, one) for one in rows.projects.counted()]


def create(principal: Principal, name: str) -> Seen:
    """Make a project. Raises Refused: `name_taken`, `too_many`."""
    try:
        with rows_of(principal.tenant_id) as rows:
            if rows.projects.count() >= MOST:
                raise Refused(codes.TOO_MANY, f"There are {MOST} projects already; delete one that is empty.")
            project = rows.add(Project(tenant_id=principal.tenant_id, name=name))
            rows.projects.everybody_moves()
            rows.note(principal.user_id, "project.created", project.id)
            return _seen(principal, Counted(project, 0, 0, 0))
    except Duplicate:
        raise _taken(name) from None


def rename(principal: Principal, project_id: uuid.UUID, name: str) -> None:
    """Call a project something else. Raises Refused: `not_found`, `name_taken`."""
    try:
        with rows_of(principal.tenant_id) as rows:
            find(rows, project_id).name = name
            rows.note(principal.user_id, "project.renamed", project_id)
    except Duplicate:
        raise _taken(name) from None


def delete(principal: Principal, project_id: uuid.UUID) -> None:
    """Delete a project in which nothing is. Raises Refused: `not_found`, `project_not_empty`, `default_project`."""
    with rows_of(principal.tenant_id) as rows:
        project = find(rows, project_id)
        if project.is_default:
            raise Refused(codes.DEFAULT_PROJECT, "Every workspace keeps the project that all of its members are in.")
        there = rows.projects.holds(project_id)
        if there:
            words = f"There are {' and '.join(there)} in {project.name!r}: move or delete them first."
            raise Refused(codes.PROJECT_NOT_EMPTY, words)
        rows.projects.everybody_moves()
        rows.projects.empty_into(project_id, rows.projects.default())
        rows.note(principal.user_id, "project.deleted", project_id, before={"name": project.name}, after={})
        rows.delete(project)


def members(principal: Principal, project_id: uuid.UUID) -> list[Inside]:
    """Return who is in a project, by name; in the default one, who has more there than their role in the workspace.

    Raises:
        Refused: `not_found`.
    """
    with rows_of(principal.tenant_id) as rows:
        find(rows, project_id)
        return [_inside(*row) for row in rows.projects.members(project_id)]


def put_member(principal: Principal, project_id: uuid.UUID, user_id: uuid.UUID, given: Given) -> None:
    """Let somebody into a project, or give them another role there.

    Raises:
        Refused: `not_found` (the project, the member, the role); `above_you`.
    """
    with rows_of(principal.tenant_id) as rows:
        find(rows, project_id)
        role = role_to_give(rows, principal, project_id, given, PROJECT_ROLES)
        _check_below(rows, principal, project_id, user_id)
        row = ProjectMember(tenant_id=principal.tenant_id, project_id=project_id, user_id=user_id, role=given.role)
        row.role_id = role.id if role else None
        rows.projects.put_member(row)
        after = {"role": role.name if role else given.role}
        rows.note(principal.user_id, "project.member_put", project_id, before={}, after=after, member=str(user_id))


def drop_member(principal: Principal, project_id: uuid.UUID, user_id: uuid.UUID) -> None:
    """Take somebody out of a project. Raises Refused: `not_found`, `above_you`."""
    with rows_of(principal.tenant_id) as rows:
        find(rows, project_id)
        _check_below(rows, principal, project_id, user_id)
        gone = rows.projects.drop_member(project_id, user_id)
        if gone is None:
            raise codes.not_found("member")
        before = {"role": gone.role}
        rows.note(principal.user_id, "project.member_dropped", project_id, before=before, after={}, member=str(user_id))


def find(rows: Rows, project_id: uuid.UUID) -> Project:
    """Return a project within a transaction. Raises Refused (`not_found`)."""
    project = rows.projects.find(project_id)
    if project is None:
        raise codes.not_found("project")
    return project


def role_to_give(
    rows: Rows, principal: Principal, project_id: uuid.UUID, given: Given, known: dict[str, frozenset[Permission]]
) -> Role | None:
    """Return the workspace's own role that is to be given in a project; None for one of `known`.

    Raises:
        Refused: `not_found`; `above_you` for one that may do what the caller may not there.
    """
    role = rows.people.role(given.role_id) if given.role == CUSTOM and given.role_id else None
    if role is None and given.role not in known:
        raise codes.not_found("role")
    _check_role(principal, project_id, given.role, role)
    return role


def _check_role(principal: Principal, project_id: uuid.UUID, role: str, own: Role | None) -> None:
    allowed = project_permissions_of(role, own.permissions if own else None)
    if not allowed <= permissions_in(principal, project_id):
        raise Refused(codes.ABOVE_YOU, "This role may do what you may not in this project: ask somebody who has it.")


def _check_below(rows: Rows, principal: Principal, project_id: uuid.UUID, user_id: uuid.UUID) -> None:
    """Refuse to touch who is no member of the workspace, or has a role above the caller's in the project."""
    if rows.people.standing(user_id) is None:
        raise codes.not_found("member")
    for former, _, own in rows.projects.members(project_id):
        if former.user_id == user_id != principal.user_id:
            _check_role(principal, project_id, former.role, own)


def _seen(principal: Principal, counted: Counted) -> Seen:
    return Seen(counted, sorted(permissions_in(principal, counted.project.id)))


def _inside(member: ProjectMember, user: User, role: Role | None) -> Inside:
    name = role.name if role else None
    return Inside(user.id, user.name, user.email, user.kind, member.role, member.role_id, name)


def _taken(name: str) -> Refused:
    return refused_field(codes.NAME_TAKEN, "name", f"There is a project {name!r} already.")
