"""What a route says it refuses, beside what every route like it does. `api.openapi` writes it into the document."""

from typing import Any, Final

from api.refusals import Code

KEY: Final = "x-refusals"


def refuses(*found: Code) -> dict[str, Any]:
    """Return a route's `openapi_extra`: the codes of its own that it answers with."""
    return {KEY: [code.name for code in found]}
