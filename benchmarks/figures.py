"""What a benchmark gives: figures with their bare counterpart, ratio and goal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Figure:
    """One result.

    `bare` is the same measure of the baseline in the same run: the bare machine, an empty handler, n8n. `goal` is on
    `value` or on `ratio`.
    """

    id: str
    value: float
    bare: float | None = None
    goal: str | None = None
    goal_on: Literal["value", "ratio"] = "value"
    reached: bool | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the bare figure the value is, or None without a bare one."""
        return self.value / self.bare if self.bare else None

    def to_json(self) -> dict[str, Any]:
        """Return the figure as JSON data, rounded for reading."""
        data: dict[str, Any] = {"id": self.id, "value": round(self.value, 3)}
        if self.bare is not None and self.ratio is not None:
            data |= {"bare": round(self.bare, 3), "ratio": round(self.ratio, 2)}
        if self.goal is not None:
            data |= {"goal": self.goal, "goal_on": self.goal_on, "reached": self.reached}
        return data


def figure(
    id: str,
    value: float,
    bare: float | None = None,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    goal_on: Literal["value", "ratio"] = "value",
) -> Figure:
    """Return a figure; its goal is an upper or a lower limit on its value or on its ratio to `bare`."""
    judged = value if goal_on == "value" else value / bare if bare else math.nan
    if at_most is not None:
        return Figure(id, value, bare, f"<= {at_most:g}", goal_on, judged <= at_most)
    if at_least is not None:
        return Figure(id, value, bare, f">= {at_least:g}", goal_on, judged >= at_least)
    return Figure(id, value, bare)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of `values` lie: nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
