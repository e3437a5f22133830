"""What every operation of the store is given, and gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stepweave_data.link import Connection, Places

WORKSPACE: Final = "workspace"
NOWHERE: Final = Places("", "")
Operation = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, from which workflow ("" for none), and in which time zone dates without one are."""

    tenant_id: str
    zone: str
    workflow_id: str = ""
    places: Places = NOWHERE

    def project(self, operation: Operation) -> str:
        """Return the project whose keys, tables, files or memories an operation is about: the workflow's own, or the
        default one, which all workflows of the tenant share, where it is `within` the `workspace`."""
        return self.places.common if operation.get("within") == WORKSPACE else self.places.own


Do = Callable[[Connection, Asked, Operation], Any]
"""Does an operation in a transaction of the tenant's, and gives JSON data."""


def within(wanted: Any, most: int) -> int:
    """Return a number from 1 to `most`, which stands for none, too."""
    return min(max(int(wanted or most), 1), most)
