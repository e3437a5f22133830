"""Templates over a credential's fields: `Bearer {token}`. Not expressions: nothing is evaluated."""

import re
from collections.abc import Mapping
from typing import Any, Final

from stepweave.model.numbers import scalar_text

_PLACE: Final = re.compile(r"\{(\w+)\}")


def filled(template: str, data: Mapping[str, Any]) -> str | None:
    """Return a template with its `{fields}` filled in; None where one of them is missing or empty."""
    if any(data.get(name) in (None, "") for name in _PLACE.findall(template)):
        return None
    return _PLACE.sub(lambda match: scalar_text(data[match[1]]), template)


def placeholders(template: str) -> list[str]:
    """Return the names of the fields that a template takes."""
    return _PLACE.findall(template)
