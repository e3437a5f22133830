"""What of a tenant somebody sees: projects, and workflows that are shared one by one (ADR 58).

Postgres keeps to it (the policies `project` of migration 38): a transaction that is narrowed sees and writes nothing
else, whatever is asked. The platform's own functions act for the tenant and are not narrowed.
"""

from typing import Final, NamedTuple
from uuid import UUID

SETTINGS: Final = ", set_config('app.projects', :projects, true), set_config('app.workflows', :workflows, true)"
"""What a transaction says besides its tenant."""


class Reach(NamedTuple):
    """The projects of which all is seen, and the workflows that are seen besides."""

    projects: frozenset[UUID]
    workflows: frozenset[UUID] = frozenset()

    def settings(self) -> dict[str, str]:
        """Return the values of `SETTINGS`. `{}` is no project at all; an empty text would be all of them."""
        return {"projects": _array(self.projects), "workflows": _array(self.workflows)}


def _array(ids: frozenset[UUID]) -> str:
    return "{" + ",".join(sorted(map(str, ids))) + "}"
