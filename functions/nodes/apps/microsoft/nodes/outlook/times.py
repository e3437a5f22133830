"""Times of events as Graph takes them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from stepweave.runtime.errors import ParameterInvalid


def time_of(text: str, zone: str, title: str, field: str, *, all_day: bool = False, is_end: bool = False) -> Any:
    """Return a moment: of a time that names its offset the UTC one, of any other that of the zone.

    A whole day begins at midnight and ends at midnight of the day after; the same day as start and end is one day.

    Raises:
        ParameterInvalid: it is no date and time.
    """
    try:
        if all_day:
            day = date.fromisoformat(text.strip()[:10]) + timedelta(days=1 if is_end and "T" not in text else 0)
            return {"dateTime": f"{day.isoformat()}T00:00:00", "timeZone": zone}
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except (ValueError, OverflowError):
        raise ParameterInvalid(
            f"{title}: “{text.strip()[:60]}” is no date and time.",
            "Write 2026-12-31T09:00:00, or 2026-12-31T09:00:00+01:00.",
            details={"field": field},
        ) from None
    if moment.tzinfo is not None:
        moment, zone = moment.astimezone(UTC), "UTC"
    return {"dateTime": moment.replace(tzinfo=None).isoformat(timespec="seconds"), "timeZone": zone}
