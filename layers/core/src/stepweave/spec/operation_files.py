"""Files in an app's operations: those that are sent, and those that come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class SentFile(Protocol):
    """A file of the tenant's that is to be sent."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def name(self) -> str:
        """As its sender called it; "" where it has none."""

    @property
    def mime_type(self) -> str:
        """As its sender says."""

    def chunks(self) -> Iterator[bytes]:
        """Yield its bytes, from the beginning each time."""


@dataclass(frozen=True, slots=True)
class WithFiles:
    """What an operation that is a function yields where an item has files, too.

    Attributes:
        json: the item's.
        files: its `binary`: references by name, as `Call.download` gives them.
    """

    json: dict[str, Any]
    files: Mapping[str, Any] = field(default_factory=dict)
