"""Days of a month that a number does not name: the last one, the nearest weekday, the nth or last of a weekday.

As Quartz and EventBridge have them: `L`, `L-3`, `LW` and `15W` for the day of month; `FRI#2` (or `5#2`) and `FRIL`
(`5L`) for the day of week. The nearest weekday stays within its month: `1W` of a month that begins on a Saturday is the
3rd. A month that has no such day (a fifth Friday, a 31st) is passed over.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_LAST: Final = re.compile(r"L(?:-([0-9]{1,2}))?", re.I)
_NEAREST: Final = re.compile(r"([0-9]{1,2})W", re.I)
_NTH: Final = re.compile(r"([0-9]+|[A-Za-z]{3})#([0-9]+)")
_LAST_OF: Final = re.compile(r"([0-9]|[A-Za-z]{3})L", re.I)
_MOST_BEFORE: Final = 30
_SURE: Final = 28
"""Every month has this many days: up to here EventBridge's own nearest weekday is documented well enough."""
FIRST_MONDAY: Final = date(2024, 1, 1)
"""What every second day, week or month counts from, where a line does not say."""
MOST_TURNS: Final = {"day": 999, "week": 520, "month": 120}
_EVERY: Final = re.compile(
    r"\s+every\s+([0-9]{1,4})\s+(day|week|month)s?(?:\s+from\s+([0-9]{4}-[0-9]{2}-[0-9]{2}))?$", re.I
)


class RuleKind(StrEnum):
    """What a day is counted from."""

    LAST = "last"
    NEAREST = "nearest"
    NEAREST_LAST = "nearestLast"
    NTH = "nth"
    LAST_OF = "lastOf"


@dataclass(frozen=True)
class DayRule:
    """One day of each month. `number`: days before the last one, the day, or which one; `weekday` from Sunday, 0."""

    kind: RuleKind
    number: int = 0
    weekday: int = 0

    def day_in(self, year: int, month: int) -> int | None:
        """Return the day of a month that it means; None where the month has none."""
        first, count = monthrange(year, month)
        match self.kind:
            case RuleKind.LAST:
                return count - self.number if count > self.number else None
            case RuleKind.NEAREST:
                return _nearest(year, month, self.number, count) if self.number <= count else None
            case RuleKind.NEAREST_LAST:
                return _nearest(year, month, count, count)
        begins = (self.weekday - (first + 1)) % 7 + 1
        day = begins + 7 * ((count - begins) // 7 if self.kind is RuleKind.LAST_OF else self.number - 1)
        return day if day <= count else None

    def on(self, day: date) -> bool:
        """Whether it means a day."""
        return self.day_in(day.year, day.month) == day.day

    @property
    def of_weekday(self) -> bool:
        """Whether it stands in the field of weekdays."""
        return self.kind in (RuleKind.NTH, RuleKind.LAST_OF)

    @property
    def native(self) -> str:
        """How EventBridge Scheduler says the same ("" where its documentation leaves doubt)."""
        if self.kind is RuleKind.LAST and self.number == 0:
            return "L"
        if self.kind is RuleKind.NEAREST and 1 < self.number <= _SURE:
            return f"{self.number}W"
        return f"{self.weekday + 1}#{self.number}" if self.kind is RuleKind.NTH else ""

    @property
    def candidates(self) -> range:
        """Days of a month among which it always is; weekdays for one that stands in their field."""
        match self.kind:
            case RuleKind.LAST:
                return range(max(28 - self.number, 1), 31 - self.number + 1)
            case RuleKind.NEAREST:
                return range(max(self.number - 2, 1), min(self.number + 2, 31) + 1)
            case RuleKind.NEAREST_LAST:
                return range(26, 31 + 1)
        return range(self.weekday, self.weekday + 1)


def _nearest(year: int, month: int, day: int, count: int) -> int:
    weekday = date(year, month, day).isoweekday()
    if weekday == 6:
        return day - 1 if day > 1 else day + 2
    if weekday == 7:
        return day + 1 if day < count else day - 2
    return day


@dataclass(frozen=True)
class Every:
    """Every so many days, weeks (from Monday) or months, from the one on that has `start`; not before `start`."""

    count: int
    unit: str
    start: date = FIRST_MONDAY

    def on(self, day: date) -> bool:
        """Whether a day is in its turn."""
        if day < self.start:
            return False
        if self.unit == "month":
            return ((day.year - self.start.year) * 12 + day.month - self.start.month) % self.count == 0
        since = (day - self.start).days
        if self.unit == "week":
            since = (day - (self.start - timedelta(days=self.start.weekday()))).days // 7
        return since % self.count == 0


def split_every(line: str) -> tuple[str, Every | None]:
    """Return a line without `every 2 weeks from 2026-12-07` at its end, and what that says.

    Raises:
        ValueError: there is no such day, or the count is not from 1 to `MOST_TURNS`.
    """
    match = _EVERY.search(line)
    if match is None:
        return line, None
    start = date.fromisoformat(match[3]) if match[3] else FIRST_MONDAY
    count, unit = int(match[1]), match[2].lower()
    if not 1 <= count <= MOST_TURNS[unit]:
        raise ValueError(f"{count} is not from 1 to {MOST_TURNS[unit]}")
    return line[: match.start()], Every(count, unit, start)


def month_rule(text: str) -> DayRule | None:
    """Read `L`, `L-3`, `LW`, `15W`; None for anything else. Raises ValueError with what its number must be."""
    if text.upper() in ("LW", "WL"):
        return DayRule(RuleKind.NEAREST_LAST)
    if (match := _LAST.fullmatch(text)) is not None:
        before = int(match[1] or 0)
        if before > _MOST_BEFORE:
            raise ValueError(f"Write L, or L-1 to L-{_MOST_BEFORE}.")
        return DayRule(RuleKind.LAST, before)
    if (match := _NEAREST.fullmatch(text)) is not None:
        if not 1 <= int(match[1]) <= 31:
            raise ValueError("Write a day from 1 to 31 before the W.")
        return DayRule(RuleKind.NEAREST, int(match[1]))
    return None


def weekday_rule(text: str) -> tuple[str, DayRule] | None:
    """Read `FRI#2`, `5#2`, `FRIL`, `5L`: the weekday's own text, and the rule without it; None for anything else.

    Raises:
        ValueError: with what its number must be.
    """
    if (match := _NTH.fullmatch(text)) is not None:
        if not 1 <= int(match[2]) <= 5:
            raise ValueError("Write a number from 1 to 5 after the #.")
        return match[1], DayRule(RuleKind.NTH, int(match[2]))
    if (match := _LAST_OF.fullmatch(text)) is not None:
        return match[1], DayRule(RuleKind.LAST_OF)
    return None
