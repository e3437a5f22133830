"""Time zones for the JavaScript engine, which has none: a zone's changes of offset as plain data.

The rules come from the system's or `tzdata`'s IANA database through `zoneinfo`.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from stepweave.expressions.scope import EPOCH
from stepweave.model.zones import UnknownTimeZone, time_zone

FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2099
"""The tables' years: no zone changed earlier, and intl.js maps later years onto these."""
_STEP: Final = timedelta(days=7)
"""Shorter than any time between two changes of offset in a zone since 1900."""
_OLD_STEP: Final = timedelta(days=365)
"""Before, zones changed once or twice, from local to standard time."""
_CLOSE_YEAR: Final = 1900


@lru_cache(maxsize=64)
def zone_table(name: str) -> dict[str, Any] | None:
    """Return when a time zone's offset changes, or None where there is no such zone.

    Returns:
        `at`: the seconds since 1970 of each change; `offset` and `name`: seconds east of UTC and the abbreviation
        before the first change, between each two, and after the last.
    """
    try:
        zone = time_zone(name)
    except UnknownTimeZone:
        return None

    def at(moment: datetime) -> tuple[int, str]:
        local = moment.astimezone(zone)
        offset = local.utcoffset()
        return (int(offset.total_seconds()) if offset is not None else 0), local.tzname() or ""

    moment, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    here = at(moment)
    changes: list[int] = []
    kinds = [here]
    while moment < end:
        later = moment + (_STEP if moment.year >= _CLOSE_YEAR else _OLD_STEP)
        there = at(later)
        if there != here:
            low, high = int((moment - EPOCH).total_seconds()), int((later - EPOCH).total_seconds())
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if at(EPOCH + timedelta(seconds=middle)) == here else (low, middle)
            changes.append(high)
            kinds.append(there)
        moment, here = later, there
    return {"at": changes, "offset": [offset for offset, _ in kinds], "name": [label for _, label in kinds]}


def iso(moment: datetime, zone_name: str) -> str:
    """Return a moment as Luxon's `toISO()` writes it in a time zone. Raises UnknownTimeZone."""
    if zone_name.lower() in ("utc", "gmt"):
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    return moment.astimezone(time_zone(zone_name)).isoformat(timespec="milliseconds")
