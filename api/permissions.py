"""Who may do what: roles and their permissions. Every route names one, or is on the open list."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What a route may ask for."""

    WORKFLOWS_READ = "workflows.read"
    WORKFLOWS_WRITE = "workflows.write"
    WORKFLOWS_PUBLISH = "workflows.publish"
    EXECUTIONS_READ = "executions.read"
    EXECUTIONS_RUN = "executions.run"
    """To start, cancel, resume and rerun."""
    APPROVALS_DECIDE = "approvals.decide"
    """To be asked at all: who may decide an approval is said by the approval."""
    CREDENTIALS_READ = "credentials.read"
    """To see which credentials there are, never their secrets."""
    CREDENTIALS_USE = "credentials.use"
    """To let nodes use a credential, and to try one out."""
    CREDENTIALS_WRITE = "credentials.write"
    STORE_READ = "store.read"
    STORE_WRITE = "store.write"
    VARIABLES_READ = "variables.read"
    """To see what workflows read as `$vars`: no secrets."""
    VARIABLES_WRITE = "variables.write"
    ENVIRONMENTS_WRITE = "environments.write"
    """To make and delete environments, and to say what they do without values of their own."""
    MEMBERS_READ = "members.read"
    MEMBERS_WRITE = "members.write"
    """To invite and remove people, and to say what they may do."""
    PROJECTS_WRITE = "projects.write"
    """To make and delete projects; whoever may sees what is in all of them."""
    PROJECTS_MANAGE = "projects.manage"
    """In a project: to rename it, to say who is in it, and to share its workflows."""
    POLICIES_WRITE = "policies.write"
    """To say what the workspace asks of its members: a second factor, the age of sessions."""
    KEYS_READ = "keys.read"
    KEYS_WRITE = "keys.write"
    """API keys and service accounts."""
    USAGE_READ = "usage.read"
    """What the workspace has used of what its plan allows."""
    AUDIT_READ = "audit.read"
    AUDIT_EXPORT = "audit.export"
    TENANT_WRITE = "tenant.write"
    """To change the workspace itself: its name."""
    TENANT_EXPORT = "tenant.export"
    TENANT_DELETE = "tenant.delete"
    SELF = "self"
    """What any logged-in user may do: see themselves, log out, watch."""


_VIEWER: Final = frozenset(
    (
        Permission.SELF,
        Permission.WORKFLOWS_READ,
        Permission.EXECUTIONS_READ,
        Permission.APPROVALS_DECIDE,
        Permission.CREDENTIALS_READ,
        Permission.STORE_READ,
        Permission.VARIABLES_READ,
        Permission.MEMBERS_READ,
        Permission.USAGE_READ,
    )
)
_OPERATOR: Final = _VIEWER | {Permission.EXECUTIONS_RUN}
_EDITOR: Final = _OPERATOR | {
    Permission.WORKFLOWS_WRITE,
    Permission.WORKFLOWS_PUBLISH,
    Permission.CREDENTIALS_USE,
    Permission.STORE_WRITE,
    Permission.VARIABLES_WRITE,
}
_MANAGER: Final = _EDITOR | {Permission.CREDENTIALS_WRITE, Permission.PROJECTS_MANAGE}
_OWNER: Final = frozenset(Permission)
_ADMIN: Final = _OWNER - {Permission.TENANT_DELETE}
ROLES: Final = {"viewer": _VIEWER, "operator": _OPERATOR, "editor": _EDITOR, "admin": _ADMIN, "owner": _OWNER}
"""Each role has all that the one before it has."""
PROJECT_ROLES: Final = {"viewer": _VIEWER, "operator": _OPERATOR, "editor": _EDITOR, "manager": _MANAGER}
"""Roles in a project, and in a workflow that is shared: they add to what the role in the tenant allows, there only."""
IN_PROJECTS: Final = frozenset(
    (
        Permission.WORKFLOWS_READ,
        Permission.WORKFLOWS_WRITE,
        Permission.WORKFLOWS_PUBLISH,
        Permission.EXECUTIONS_READ,
        Permission.EXECUTIONS_RUN,
        Permission.APPROVALS_DECIDE,
        Permission.CREDENTIALS_READ,
        Permission.CREDENTIALS_USE,
        Permission.CREDENTIALS_WRITE,
        Permission.STORE_READ,
        Permission.STORE_WRITE,
        Permission.PROJECTS_MANAGE,
    )
)
"""What a role in a project can give; everything else is the tenant's."""
_SEEN_BY: Final = {
    Permission.WORKFLOWS_WRITE: Permission.WORKFLOWS_READ,
    Permission.WORKFLOWS_PUBLISH: Permission.WORKFLOWS_READ,
    Permission.EXECUTIONS_RUN: Permission.EXECUTIONS_READ,
    Permission.APPROVALS_DECIDE: Permission.EXECUTIONS_READ,
    Permission.CREDENTIALS_USE: Permission.CREDENTIALS_READ,
    Permission.CREDENTIALS_WRITE: Permission.CREDENTIALS_READ,
    Permission.STORE_WRITE: Permission.STORE_READ,
    Permission.VARIABLES_WRITE: Permission.VARIABLES_READ,
    Permission.PROJECTS_MANAGE: Permission.WORKFLOWS_READ,
}
CUSTOM: Final = "custom"
"""What the role of a member is called whose permissions a role of the tenant's own lists."""
NEVER_OF_KEYS: Final = frozenset(
    (
        Permission.SELF,
        Permission.KEYS_WRITE,
        Permission.MEMBERS_WRITE,
        Permission.POLICIES_WRITE,
        Permission.TENANT_DELETE,
    )
)
"""What needs a person: with these a key could give itself, or others, more than it has."""
KEYS_MAY: Final = frozenset(("getMe", "createLiveTicket", "listMembers"))
"""Operations that ask for `self` and take keys, too."""
NEVER_CUSTOM: Final = frozenset((Permission.TENANT_DELETE,))
"""What the owner alone may do."""


def permissions_of(role: str, listed: Iterable[str] | None = None) -> frozenset[Permission]:
    """Return what a role may do.

    Args:
        role: a name of `ROLES`, or `custom`.
        listed: the permissions of a custom role; what is no permission (any more) gives nothing.

    Returns:
        Permissions; none for a role that is not known.
    """
    if role != CUSTOM:
        return ROLES.get(role, frozenset())
    known = {permission.value: permission for permission in Permission}
    return frozenset(known[name] for name in listed or () if name in known) - NEVER_CUSTOM | {Permission.SELF}


def project_permissions_of(role: str, listed: Iterable[str] | None = None) -> frozenset[Permission]:
    """Return what a role allows in a project; arguments as of `permissions_of`, names of `PROJECT_ROLES`."""
    found = permissions_of(role, listed) if role == CUSTOM else PROJECT_ROLES.get(role, frozenset())
    return found & IN_PROJECTS


def reading(permission: Permission) -> Permission:
    """Return what lets one see what `permission` is asked for."""
    return _SEEN_BY.get(permission, permission)
