"""Cron lines: five fields as on Unix, read strictly, so that what is shown, published and fired is the same.

Source of the rules: crontab(5) of Vixie cron and cronie. Beyond them, a range may run over the end of its field
(`FRI-MON`, `22-4`), `5/15` goes on to the end of the field, `?` is `*` in the day fields, these know the rules of
`stepweave.spec.days`, and behind the fields may stand `every 2 weeks`. What other programs read differently or at
random (`R`, `H`, seconds, years, `L` alone as a weekday) is refused with what to write in its place. No library is
used: those at hand guess where this must refuse (croniter reads `5W` as 5, and `5-5` as every value).
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from stepweave.spec.days import DayRule, Every, month_rule, split_every, weekday_rule

ALIASES: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
YEARS_AHEAD: Final = 50
"""How far fires are looked for: 29 February falls on a given weekday once in 28 years, in 40 over the year 2100."""
_LEAP_YEAR: Final = 2024
_EXAMPLE: Final = "Write for example 0 9 * * 1-5, which is 9 o'clock from Monday to Friday, or rate(15 minutes)."
_PART: Final = re.compile(r"(\*|\?|[0-9]+|[A-Za-z]+)(?:-([0-9]+|[A-Za-z]+))?(?:/([0-9]+))?")
_LONG: Final = re.compile(r"[A-Za-z]{4,}")
_MARKS: Final = (
    (
        re.compile(r"#"),
        "the nth weekday of a month is a day of week",
        "Write FRI#2, or 5#2, there for the second Friday",
    ),
    (
        re.compile(r"^L-?[0-9A-Z]*$|[0-9A-Z]L$", re.I),
        "what is last cannot be read here",
        "The last day of a month is L, as a day of month; its last Friday is FRIL, as a day of week",
    ),
    (
        re.compile(r"[0-9]W|W[0-9]|^W$", re.I),
        "the nearest weekday cannot be read here",
        "Write 15W, as a day of month, for the weekday nearest to the 15th",
    ),
    (re.compile(r"^[HR](\(|/|$)", re.I), "a value by chance (R, H) is not supported", "Write a number"),
)


class ScheduleInvalid(ValueError):
    """A schedule cannot be read, or never fires. `message` says why, `remedy` what to write; `str()` says both."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True)
class _Field:
    """A field: its name, its values, and those names that stand for values from the least on."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many values there are."""
        return self.most - self.least + 1

    @property
    def of_days(self) -> bool:
        """Whether it is one of the two that choose days."""
        return self.name.startswith("day")


_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 0, 6, _WEEKDAYS),
)
_WEEKDAY: Final = _FIELDS[4]
_SUNDAY_AGAIN: Final = 7
_NEXT: Final = (("minute", 60), ("hour", 24))
_WHOLE: Final = {"minute": "hour", "hour": "day"}


@dataclass(frozen=True)
class Cron:
    """The values that each field allows, ascending; weekdays from Sunday, 0.

    `either`: one fitting day field is enough, else both must fit. `rules`: days besides, in the field that they are of.
    `every`: of the days that fit only those in their turn.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    either: bool
    rules: tuple[DayRule, ...] = ()
    every: Every | None = None

    @property
    def any_day(self) -> bool:
        """Whether the day of month does not matter."""
        return len(self.days) == 31

    @property
    def any_weekday(self) -> bool:
        """Whether the day of week does not matter."""
        return len(self.weekdays) == 7

    def on(self, day: date) -> bool:
        """Return whether it fires on a day."""
        if day.month not in self.months or (self.every is not None and not self.every.on(day)):
            return False
        also = [rule.of_weekday for rule in self.rules if rule.on(day)]
        fits = (day.day in self.days or False in also, (day.isoweekday() % 7) in self.weekdays or True in also)
        return any(fits) if self.either else all(fits)

    def at(self, wall: datetime) -> bool:
        """Return whether it fires at a minute on the wall."""
        return wall.minute in self.minutes and wall.hour in self.hours and self.on(wall.date())

    def times(self, after: datetime) -> Iterator[datetime]:
        """Yield the times on the wall at which it fires, from `after` (without a zone) on, within some decades."""
        day, last = after.date(), min(after.year + YEARS_AHEAD, 9998)
        while day.year <= last:
            if day.month not in self.months:
                day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
                continue
            if self.on(day):
                for hour in self.hours:
                    for minute in self.minutes:
                        at = datetime(day.year, day.month, day.day, hour, minute)
                        if at >= after:
                            yield at
            day += timedelta(days=1)


def parse_cron(line: str) -> Cron:
    """Read a cron line. Raises ScheduleInvalid naming the field, or saying that the line never fires."""
    text = line.strip()
    try:
        text, every = split_every(text)
    except ValueError:
        remedy = "Write for example 0 9 * * 1 every 2 weeks from 2026-12-07."
        raise ScheduleInvalid(f"The end of {line!r} cannot be read.", remedy) from None
    if text.startswith("@"):
        if text.lower() not in ALIASES:
            raise ScheduleInvalid(f"{text!r} is not known here.", f"Write one of {', '.join(ALIASES)}.")
        text = ALIASES[text.lower()]
    parts = text.split()
    if len(parts) != len(_FIELDS):
        more = len(parts) in (6, 7)
        raise ScheduleInvalid(
            f"{line!r} has {len(parts)} fields; there are five: {', '.join(field.name for field in _FIELDS)}.",
            "Leave out the seconds and the year: a schedule fires at whole minutes, in every year."
            if more
            else _EXAMPLE,
        )
    rules: list[DayRule] = []
    minutes, hours, days, months, weekdays = (
        _values(part, field, rules) for part, field in zip(parts, _FIELDS, strict=True)
    )
    # A field that begins with a star is no restriction of its own: both must fit (crontab(5) of cronie, DOM_STAR).
    either = not any(parts[index].startswith(("*", "?")) for index in (2, 4))
    cron = Cron(minutes, hours, days, months, weekdays, either, tuple(dict.fromkeys(rules)), every)
    _check_fires(cron, line)
    return cron


def _check_fires(cron: Cron, line: str) -> None:
    if cron.rules or cron.every is not None:
        start = datetime(2024, 1, 1) if cron.every is None else datetime.combine(cron.every.start, datetime.min.time())
        if next(cron.times(start), None) is None:
            remedy = "No day fits all of it: change day of month, month or day of week."
            raise ScheduleInvalid(f"{line!r} never fires.", remedy)
        return
    if cron.either or any(min(cron.days) <= monthrange(_LEAP_YEAR, month)[1] for month in cron.months):
        return
    months = ", ".join(_MONTHS[month - 1] for month in cron.months)
    days = ", ".join(map(str, cron.days))
    raise ScheduleInvalid(f"{line!r} never fires: no {months} has a day {days}.", "Change day of month or month.")


def _values(text: str, field: _Field, rules: list[DayRule]) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        rule = _rule(part, text, field) if field.of_days else None
        if rule is not None:
            rules.append(rule)
        else:
            found.update(_part(part, text, field))
    return tuple(sorted(found))


def _rule(part: str, text: str, field: _Field) -> DayRule | None:
    try:
        if field is not _WEEKDAY:
            return month_rule(part)
        read = weekday_rule(part)
    except ValueError as error:
        raise _wrong(field, f"{part!r} cannot be", str(error)) from None
    if read is None:
        return None
    return replace(read[1], weekday=_number(read[0], part, text, field) % _SUNDAY_AGAIN)


def _part(part: str, text: str, field: _Field) -> Iterator[int]:
    match = _PART.fullmatch(part)
    if match is None:
        raise _unreadable(part, text, field)
    first, last, step_text = match.groups()
    step = int(step_text) if step_text else 1
    if not 1 <= step <= field.count:
        raise _step_invalid(step, part, field)
    if first == "*" or (first == "?" and field.of_days):
        if last is not None:
            raise _unreadable(part, text, field)
        low, high = field.least, field.most
    else:
        low = _number(first, part, text, field)
        high = _number(last, part, text, field) if last else field.most if step_text else low
    if field is _WEEKDAY and low == _SUNDAY_AGAIN > high:
        low = 0
    if low > high:  # over the end of the field, as from Friday to Monday
        high += field.count
    for number in range(low, high + 1, step):
        yield (number - field.least) % field.count + field.least


def _number(word: str, part: str, text: str, field: _Field) -> int:
    if word.upper() in field.names:
        return field.names.index(word.upper()) + field.least
    if not word.isdigit():
        raise _unreadable(part, text, field)
    number = int(word)
    if not field.least <= number <= (_SUNDAY_AGAIN if field is _WEEKDAY else field.most):
        most = "6, from Sunday; 7 is Sunday too" if field is _WEEKDAY else str(field.most)
        remedy = f"Write a number from {field.least} to {most}."
        if (field.name, number) in _NEXT:
            remedy = f"Write {field.least}: after {field.most} comes {field.least}."
        raise _wrong(field, f"{word!r} is not from {field.least} to {most.partition(',')[0]}", remedy)
    return number


def _step_invalid(step: int, part: str, field: _Field) -> ScheduleInvalid:
    remedy = f"Write a step from 1 to {field.count}."
    if step > field.count and field.name in ("minute", "hour"):
        remedy = f"Write rate({step} {field.name}s), which goes on over the end of the {_WHOLE[field.name]}."
    return _wrong(field, f"a step of {step} in {part!r} is not from 1 to {field.count}", remedy)


def _unreadable(part: str, text: str, field: _Field) -> ScheduleInvalid:
    for mark, what, remedy in _MARKS:
        if mark.search(part):
            return _wrong(field, f"{part!r}: {what}", f"{remedy}.")
    if not part:
        return _wrong(field, f"{text!r} has a comma too many", "Delete it.")
    short = _LONG.sub(lambda found: found[0][:3].upper() if found[0][:3].upper() in field.names else found[0], part)
    if short != part:
        return _wrong(field, f"{part!r} cannot be read", f"Write {short}.")
    remedy = f"Write *, a number from {field.least} to {field.most}, a range such as {field.least}-{field.least + 2}"
    if field.names:
        remedy += f", names such as {field.names[1]}"
    return _wrong(field, f"{part!r} cannot be read", f"{remedy}, or several with commas.")


def _wrong(field: _Field, what: str, remedy: str) -> ScheduleInvalid:
    return ScheduleInvalid(f"{field.name.capitalize()}: {what}.", remedy)
