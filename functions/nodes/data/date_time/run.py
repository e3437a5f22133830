"""Works with one date for each item."""

import re
from calendar import isleap, monthrange
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from functions.nodes.data.date_time.arithmetic import added, difference, end_of, rounded, start_of
from functions.nodes.data.date_time.choices import UNITS
from functions.nodes.data.date_time.errors import DateInvalid
from functions.nodes.data.date_time.foreign import has_minutes_for_months
from functions.nodes.data.date_time.moments import Clock, check_format, read, seems_seconds, zone_of
from functions.nodes.data.date_time.names import names_of
from functions.nodes.data.date_time.spec import Params
from functions.nodes.data.date_time.tokens import formatted, iso, milliseconds, offset_text
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.placing import invalid, placed, shown

_SMALL: Final = ("hour", "minute", "second")


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, with the result in a field."""

    warned: set[str] = set()

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        _warn(step, params, warned)
        zone = zone_of(params.zone or step.scope.zone, "zone")
        source = zone_of(params.from_zone, "fromZone") if params.from_zone else zone
        clock = Clock(zone, source, params.repeated, params.skipped, params.numbers)
        value = _worked(params, clock, step.scope.now)
        return [placed(entry.item, params.output_field, value, keep=params.keep_other_fields)]

    return step.each(work)


def _warn(step: Step[Params], params: Params, warned: set[str]) -> None:
    """Say once that a number, read as milliseconds, is most likely seconds, and that minutes stand for months."""
    for pattern in (params.from_format, params.format if params.operation == "format" else ""):
        if "minutes" not in warned and has_minutes_for_months(pattern):
            warned.add("minutes")
            step.log("warning", f"In the format {shown(pattern)} mm are minutes; months are MM.")
    dates = (params.date, params.other_date, params.start, params.end)
    if "seconds" in warned or params.numbers != "milliseconds" or params.from_format or params.operation == "now":
        return
    found = next((value for value in dates if seems_seconds(value)), None)
    if found is not None:
        warned.add("seconds")
        step.log(
            "warning",
            f"{found} is read as milliseconds, which is in {1970 + int(float(found) / 31_556_952_000)}."
            " Where it is seconds, choose that under Options, Numbers are.",
        )


def _worked(params: Params, clock: Clock, now: datetime) -> Any:
    if params.operation == "now":
        moment = now.astimezone(UTC) - timedelta(microseconds=now.microsecond % 1000)
        return iso(clock.local(moment if params.include_time else start_of(moment, "day", "monday", clock)))
    date = read(params.date, params.from_format, params.locale, clock, "date")
    match params.operation:
        case "add" | "subtract":
            amount = -params.amount if params.operation == "subtract" else params.amount
            return iso(clock.local(added(date, {params.unit: amount}, clock)))
        case "difference":
            end = read(params.other_date, params.from_format, params.locale, clock, "otherDate")
            found = difference(date, end, _units(params.units), clock)
            return _duration(found) if params.iso_duration else found
        case "format":
            return _written(clock.local(date), params)
        case "round":
            if params.multiple > 1 and params.period not in _SMALL:
                raise invalid(
                    "multiple", f"A {params.period} cannot be rounded to a multiple.", "Choose hour, minute or second."
                )
            how = params.direction, params.week_start
            return iso(clock.local(rounded(date, params.period, params.multiple, *how, clock)))
        case "startOf":
            return iso(clock.local(start_of(date, params.period, params.week_start, clock)))
        case "endOf":
            return iso(clock.local(end_of(date, params.period, params.week_start, clock)))
        case "extract":
            parts = _parts(clock.local(date), params.locale)
            return parts if params.part == "all" else parts[params.part]
        case "between":
            start = read(params.start, params.from_format, params.locale, clock, "start")
            end = read(params.end, params.from_format, params.locale, clock, "end")
            start, end = min(start, end), max(start, end)
            after = date >= start if params.bounds in ("both", "start") else date > start
            return after and (date <= end if params.bounds in ("both", "end") else date < end)
    return iso(clock.local(date))  # parse, convertZone


def _units(text: str) -> list[str]:
    names = [name.strip().lower() for name in re.split(r"[,\s]+", text) if name.strip()]
    units = [name if name.endswith("s") else f"{name}s" for name in names]
    unknown = next((name for name, unit in zip(names, units, strict=True) if unit not in UNITS), None)
    if unknown is not None or not units:
        what = f"{shown(unknown)} is no unit." if unknown else "No unit is given."
        raise DateInvalid(what, f"Write some of: {', '.join(UNITS)}.", details={"field": "params.units"})
    return units


def _written(date: datetime, params: Params) -> Any:
    match params.format_as:
        case "iso":
            return iso(date)
        case "isoDate":
            return date.date().isoformat()
        case "isoTime":
            return iso(date).partition("T")[2]
        case "sql":
            return f"{formatted(date, 'yyyy-MM-dd HH:mm:ss.SSS', 'en')} {offset_text(date, 'ZZ')}"
        case "http":
            return format_datetime(date.astimezone(UTC), usegmt=True)
        case "rfc2822":
            return format_datetime(date)
        case "seconds":
            return milliseconds(date) // 1000
        case "milliseconds":
            return milliseconds(date)
    check_format(params.format, "format")
    return formatted(date, params.format, params.locale)


def _parts(date: datetime, locale: str) -> dict[str, Any]:
    names, week = names_of(locale), date.isocalendar()
    return {
        "year": date.year,
        "quarter": (date.month + 2) // 3,
        "month": date.month,
        "monthName": names.standalone_months["wide"][date.month - 1],
        "week": week.week,
        "weekYear": week.year,
        "weekday": date.isoweekday(),
        "weekdayName": names.days["wide"][date.weekday()],
        "day": date.day,
        "dayOfYear": date.timetuple().tm_yday,
        "daysInMonth": monthrange(date.year, date.month)[1],
        "hour": date.hour,
        "minute": date.minute,
        "second": date.second,
        "millisecond": date.microsecond // 1000,
        "offsetMinutes": int((date.utcoffset() or timedelta()).total_seconds() // 60),
        "isLeapYear": isleap(date.year),
        "isDaylightSaving": bool(date.dst()),
    }


def _duration(found: dict[str, float]) -> str:
    """Return a difference as ISO 8601 writes durations."""
    letters = {"years": "Y", "months": "M", "weeks": "W", "days": "D", "hours": "H", "minutes": "M"}
    values = dict(found)
    if quarters := values.pop("quarters", 0):
        values["months"] = values.get("months", 0) + quarters * 3
    seconds = values.pop("seconds", 0) + values.pop("milliseconds", 0) / 1000
    dates = "".join(
        f"{values[unit]:g}{letters[unit]}" for unit in ("years", "months", "weeks", "days") if values.get(unit)
    )
    times = "".join(f"{values[unit]:g}{letters[unit]}" for unit in ("hours", "minutes") if values.get(unit))
    times += f"{seconds:.12g}S" if seconds else ""
    return f"P{dates}" + (f"T{times}" if times else "") if dates or times else "PT0S"
