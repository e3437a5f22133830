"""What items carry of an approval: said once by the node, when time is over, and by the API, when people decided."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stepweave.model.items import Item
from stepweave.runtime.errors import ParameterInvalid

FIELD: Final = "approval"
MOST_APPROVERS: Final = 50
_ADDRESS: Final = re.compile(r"[^@\s,]+@[^@\s,]+")


def approvers_of(text: str, field: str) -> list[str]:
    """Return the addresses in a list, in lower case, each once.

    Args:
        text: addresses, separated by commas.
        field: its path in the node, for errors.

    Raises:
        ParameterInvalid: one is no address, or they are too many.
    """
    found = list(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    for address in found:
        if not _ADDRESS.fullmatch(address):
            raise ParameterInvalid(
                f"{address[:100]!r} is not an email address.",
                "Write addresses of members as ada@example.com, separated by commas.",
                details={"field": field},
            )
    if len(found) > MOST_APPROVERS:
        words = f"{len(found)} people are listed."
        raise ParameterInvalid(words, f"List at most {MOST_APPROVERS}.", details={"field": field})
    return found


def with_decision(items: Sequence[Item], decision: Mapping[str, Any]) -> list[Item]:
    """Return the items, each with the decision in its `approval`."""
    return [{**item, "json": {**item["json"], FIELD: dict(decision)}} for item in items]
