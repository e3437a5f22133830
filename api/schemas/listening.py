"""Trying out triggers with code."""

import uuid
from datetime import datetime
from typing import Literal

from api.schemas.base import Schema, StoredJson


class ListenResponse(Schema):
    """What came of listening."""

    id: uuid.UUID | None
    """Names it in paths; null where nothing goes on, as things were fetched at once."""
    state: Literal["heard", "waiting", "timedOut"]
    """`heard`: the items are there; `waiting`: the provider has told of nothing yet; `timedOut`: it did not in time."""
    until: datetime | None
    """Until when it listens; null where nothing goes on."""
    items: list[StoredJson]
    """What the trigger would start the workflow with; empty where nothing is there, or nothing came yet."""
