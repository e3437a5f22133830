"""What items carry of an approval: said once by the node, when time is over, and by the API, when people decided."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from stepweave.model.items import Item

FIELD: Final = "approval"


def with_decision(items: Sequence[Item], decision: Mapping[str, Any]) -> list[Item]:
    """Return the items, each with the decision in its `approval`."""
    return [{**item, "json": {**item["json"], FIELD: dict(decision)}} for item in items]
