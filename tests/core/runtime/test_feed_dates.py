"""Dates as feeds have them: what is meant, and nothing where that is not to be known."""

import pytest
from feedparser.datetimes import _parse_date

from stepweave.runtime.feed_dates import moment_of

TEN = "2026-11-29T10:00:00.000Z"
NINE = "2026-11-29T09:00:00.000Z"
NIGHT = "2026-11-29T22:00:00.000Z"
DAY = "2026-11-29T00:00:00.000Z"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 29 Nov 2026 10:00:00 +0100", NINE),
        ("Sun, 29 Nov 26 10:00:00 GMT", TEN),
        ("Sun Nov 29 10:00:00 +0100 2026", NINE),
        ("Sun, 29 Nov 2026 10:00:00 EST", "2026-11-29T15:00:00.000Z"),
        ("Sun, 29 Nov 2026 10:00:00 +0100 (CET)", NINE),
        ("2026-11-29T10:00:00+01:00", NINE),
        ("2026-11", "2026-11-01T00:00:00.000Z"),
        # Zones that feedparser takes for UTC.
        ("Sun, 29 Nov 2026 10:00:00 CET", NINE),
        ("Sun, 29 Nov 2026 10:00:00 bst", NINE),
        ("Sun, 29 Nov 2026 15:30:00 IST", TEN),
        # Half days.
        ("Sun, 29 Nov 2026 10:00:00 PM", NIGHT),
        ("Sun, 29 Nov 2026 11:00 p.m. +0100", NIGHT),
        ("Sun, 29 Nov 2026 22:00 PM", NIGHT),
        ("29 Nov 2026 12:00 AM", DAY),
        ("2026-11-29 10:00 PM", NIGHT),
        ("11/29/2026 10:00:00 AM", TEN),
        ("Sunday, November 29, 2026 10:00 AM", TEN),
        ("Nov 29 2026", DAY),
        # Numbers in other orders, and other digits' company.
        ("2026/11/29 10:00", TEN),
        ("2026年11月29日 10:00", TEN),
        ("2026.11.29", DAY),
        ("2026-11-29 9:00:00.123 UTC", NINE),
        ("20261129T100000Z", TEN),
        ("29.11.2026 10:00", TEN),
        ("29-11-2026", DAY),
        ("29/11/2026 10:00:00", TEN),
        ("1796032800", "2026-11-30T10:00:00.000Z"),
        ("1796032800000", "2026-11-30T10:00:00.000Z"),
        # No date, or two.
        ("05/06/2026", None),
        ("05-06-2026", None),
        ("2026-13-29", None),
        ("0000-00-00 00:00:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_date_is_what_the_feed_means(text: str, moment: str | None) -> None:
    assert moment_of(text, _parse_date(text)) == moment
