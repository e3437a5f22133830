"""Keyset pages: a page begins behind the last row of the one before, however many came in between."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Place(NamedTuple):
    """Where a row stands in a list that is ordered by time, then id, both descending."""

    at: datetime
    id: UUID
