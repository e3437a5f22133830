"""Failures inside an execution, and which Retry and Catch fields match them."""

from collections.abc import Mapping, Sequence
from typing import Any


class StateError(Exception):
    """A failure with the Error and Cause that Retry, Catch and the caller see."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause[:32768]  # AWS cuts a cause there

    @property
    def output(self) -> dict[str, str]:
        """What a catcher receives."""
        return {"Error": self.error, "Cause": self.cause}


UNCATCHABLE_BY_ALL = frozenset({"States.DataLimitExceeded", "States.Runtime"})


def matches(names: Sequence[str], error: str) -> bool:
    """Whether an ErrorEquals list matches: States.ALL does not include data limits and runtime errors."""
    if error in names:
        return True
    if "States.Timeout" in names and error == "States.HeartbeatTimeout":
        return True
    if error in UNCATCHABLE_BY_ALL:
        return False
    return "States.ALL" in names or ("States.TaskFailed" in names and error != "States.Timeout")


def first_match(rules: Sequence[Mapping[str, Any]], error: str) -> tuple[int, Mapping[str, Any]] | None:
    """The first retrier or catcher that matches, with its position."""
    for position, rule in enumerate(rules):
        if matches(rule.get("ErrorEquals", ()), error):
            return position, rule
    return None
