"""What an app makes of a provider's refusal: its words, what to do, and whether asking again can help."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A refusal, as the provider says it.

    Attributes:
        words: the provider's own; they come behind the address that was asked.
        remedy: what people should do; "" for what the status says.
        code: how the provider calls it, for branches (`details.code`); "" for none.
        kind: `refused` (asking again cannot help), `limited` (too much at a time), `away` (its fault: later).
        retry_after: seconds that it wants to be left alone; None where it does not say.
    """

    words: str
    remedy: str = ""
    code: str = ""
    kind: Literal["refused", "limited", "away"] = "refused"
    retry_after: float | None = None


ReadRefusal = Callable[[int, Any], Told | None]
"""From the status and the answer's JSON (None where it is none) to what it says; None where it says nothing of use.

It is asked for every answer with status 400 and above, and for those that `App.fine_when` finds wrong.
"""
