"""Lists of workflows: what a search means, and a page of what it finds."""

import uuid
from dataclasses import replace
from typing import Final

from api.repositories.rows import rows_of
from api.repositories.workflow_list import Filter, Order, Status, Summary
from api.services.compiling import catalogue
from api.services.tokens import Principal

__all__ = ["FEWEST", "Filter", "Order", "Status", "Summary", "list_workflows"]

FEWEST: Final = 3
"""Letters that a search has before node types are looked at: one or two are in most of their names."""


def list_workflows(
    principal: Principal, wanted: Filter, order: Order, after: tuple[str, uuid.UUID] | None, limit: int
) -> list[Summary]:
    """Return a page: at most `limit` workflows behind the row `after`, each with its latest execution."""
    word = wanted.search.lower()
    known = catalogue() if len(word) >= FEWEST else ()
    types = tuple(entry.type for entry in known if word in entry.name.lower() or word in entry.type)
    with rows_of(principal.tenant_id) as rows:
        return rows.workflow_list.page(replace(wanted, types_of_search=types), order, after, limit)
