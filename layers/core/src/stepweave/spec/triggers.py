"""What specs of triggers with code share."""

from typing import Any, Final

from stepweave.spec.fields import Kind, ui

MOST_MINUTES: Final = 24 * 60
MOST_LISTED: Final = 2000
"""Things of one list that is polled."""
MOST_KEPT: Final = 5000
"""Things that a cursor remembers: those of the list, then those that were in it last (`stepweave.runtime.polling`)."""


def every_field(minutes: int = 5) -> Any:
    """Return the field that says how often to poll, in minutes (`int`; named by `TriggerCode.every`)."""
    return ui(
        minutes,
        title="Every so many minutes",
        kind=Kind.NUMBER,
        expression=False,
        help=f"From 1 to {MOST_MINUTES}, a day.",
        ge=1,
        le=MOST_MINUTES,
    )
