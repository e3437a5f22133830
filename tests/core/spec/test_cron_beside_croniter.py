"""Lines that every cron reads alike fire when croniter says.

croniter is the oracle for what it is right about. Where it guesses and we refuse (`5W`, `5-5`), where day fields follow
Vixie cron (`*/2` beside a weekday), and around changing clocks, the contract table says what holds.
"""

from datetime import UTC, datetime

import pytest
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from stepweave.spec.schedules import next_fires

pytestmark = pytest.mark.no_cover  # many cases of what other tests cover: traced, they take twice as long

BOUNDS = ((0, 59), (0, 23), (1, 28), (1, 12), (0, 6))


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    values = st.integers(low, high).map(str)
    ranges = st.tuples(st.integers(low, high), st.integers(low, high)).filter(lambda ends: ends[0] < ends[1])
    spans = ranges.map(lambda ends: f"{ends[0]}-{ends[1]}")
    stepped = st.builds(lambda span, step: f"{span}/{step}", spans, st.integers(1, high - low))
    lists = st.lists(st.one_of(values, spans), min_size=1, max_size=3).map(",".join)
    return st.one_of(st.just("*"), values, spans, stepped, lists)


@st.composite
def lines(draw: st.DrawFn) -> str:
    fields = [draw(_field(low, high)) for low, high in BOUNDS]
    if draw(st.booleans()):
        fields[draw(st.sampled_from((2, 4)))] = "*"
    return " ".join(fields)


@given(lines(), st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))
def test_a_plain_line_fires_when_croniter_says(line: str, after: datetime) -> None:
    clock = croniter(line, after)
    expected = [clock.get_next(datetime).replace(tzinfo=UTC) for _ in range(5)]
    assert next_fires(line, "UTC", after.replace(tzinfo=UTC), 5) == expected
