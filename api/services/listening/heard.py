"""What came of listening."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

LISTEN_SECONDS: Final = 120
"""How long a trigger that is tried out listens."""


@dataclass(frozen=True)
class Heard:
    """What came of listening. `id` and `until` are there where a provider was told of an address."""

    state: str
    """`heard`, `waiting` or `timedOut`."""
    items: list[Any]
    id: uuid.UUID | None = None
    until: datetime | None = None
