"""Who may do what: roles and their permissions. Every route names one, or is on the open list."""

from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What a route may ask for."""

    WORKFLOWS_READ = "workflows.read"
    WORKFLOWS_WRITE = "workflows.write"
    WORKFLOWS_PUBLISH = "workflows.publish"
    EXECUTIONS_READ = "executions.read"
    EXECUTIONS_RUN = "executions.run"
    APPROVALS_DECIDE = "approvals.decide"
    """To be asked at all: who may decide an approval is said by the approval."""
    CREDENTIALS_READ = "credentials.read"
    CREDENTIALS_WRITE = "credentials.write"
    STORE_READ = "store.read"
    STORE_WRITE = "store.write"
    TENANT_WRITE = "tenant.write"
    """To change the workspace itself: its name."""
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
    )
)
_EDITOR: Final = _VIEWER | {
    Permission.WORKFLOWS_WRITE,
    Permission.WORKFLOWS_PUBLISH,
    Permission.EXECUTIONS_RUN,
    Permission.STORE_WRITE,
}
_ADMIN: Final = frozenset(Permission)
ROLES: Final = {"viewer": _VIEWER, "editor": _EDITOR, "admin": _ADMIN, "owner": _ADMIN}
