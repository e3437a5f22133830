"""What every operation of the store is given, and gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stepweave_data.link import Connection


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and in which time zone dates without one are."""

    tenant_id: str
    zone: str


Operation = Mapping[str, Any]
Do = Callable[[Connection, Asked, Operation], Any]
"""Does an operation in a transaction of the tenant's, and gives JSON data."""


def within(wanted: Any, most: int) -> int:
    """Return a number from 1 to `most`, which stands for none, too."""
    return min(max(int(wanted or most), 1), most)
