"""Moments as text and numbers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from stepweave.model.moments import read_moment
from stepweave.model.zones import UnknownTimeZone

YORK = "America/New_York"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-07-01", datetime(2026, 7, 1, 4, tzinfo=UTC)),
        ("20260701", datetime(2026, 7, 1, 4, tzinfo=UTC)),
        ("2026-07", datetime(2026, 7, 1, 4, tzinfo=UTC)),
        ("2026-182", datetime(2026, 7, 1, 4, tzinfo=UTC)),
        ("2026-W27-3", datetime(2026, 7, 1, 4, tzinfo=UTC)),
        (" 2026-07-01 09:30 ", datetime(2026, 7, 1, 13, 30, tzinfo=UTC)),
        ("2026-07-01T24:00", datetime(2026, 7, 2, 4, tzinfo=UTC)),
        ("2026-07-01T09:30:15,1234567-0230", datetime(2026, 7, 1, 12, 0, 15, 123456, tzinfo=UTC)),
        ("2026-07-01t09z", datetime(2026, 7, 1, 9, tzinfo=UTC)),
        ("2026-03-08T02:30", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        ("2026-11-01T01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("Wed, 01 Jul 2026 09:30:00 GMT", datetime(2026, 7, 1, 9, 30, tzinfo=UTC)),
        ("1 Jul 2026 09:30 -0500", datetime(2026, 7, 1, 14, 30, tzinfo=UTC)),
        (1767225600000, datetime(2026, 1, 1, tzinfo=UTC)),
        ("1767225600123", datetime(2026, 1, 1, 0, 0, 0, 123000, tzinfo=UTC)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
    ],
)
def test_moments_are_read_in_the_zone_unless_they_say_otherwise(value: Any, moment: datetime) -> None:
    assert read_moment(value, YORK) == moment


@pytest.mark.parametrize(
    "value",
    [
        "",
        "tomorrow",
        "2026-13-01",
        "2026-02-30",
        "2026-367",
        "2026-W54-1",
        "2026-07-01T",
        "2026-07-01T25:00",
        "2026-07-01T24:01",
        "2026-07-01x09:30",
        "07/01/2026",
        "99 Foo 2026 10:00",
        True,
        None,
        [],
        1e20,
        float("nan"),
    ],
)
def test_what_is_no_moment_is_none(value: Any) -> None:
    assert read_moment(value, YORK) is None


def test_a_zone_that_there_is_not_is_no_moment_that_cannot_be_read() -> None:
    with pytest.raises(UnknownTimeZone, match="Middle-Earth"):
        read_moment("2026-07-01T09:30", "Middle-Earth/Shire")
    with pytest.raises(UnknownTimeZone):
        read_moment("2026-07-01T09:30", "localtime")  # a file of the machine's, which the platform does not know
    assert read_moment("2026-07-01T09:30Z", "Middle-Earth/Shire") == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
