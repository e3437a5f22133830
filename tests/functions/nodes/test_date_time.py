"""The date and time node: what dates are, arithmetic over changes of the clocks, Luxon's tokens."""

from typing import Any

import pytest

from functions.nodes.data.date_time.errors import DateInvalid
from functions.nodes.data.date_time.run import run
from functions.nodes.data.date_time.spec import SPEC
from stepweave.expressions import Evaluator, Scope
from stepweave.runtime.errors import NodeError, ParameterInvalid
from tests.fakes.steps import Bench, items

NODE = Bench(SPEC, run)
BERLIN = "Europe/Berlin"


def made(operation: str, date: Any = None, **more: Any) -> Any:
    params = {"operation": operation, "zone": BERLIN, **({} if date is None else {"date": date}), **more}
    return NODE.json(params, items({}))[0]["date"]


def luxon(expression: str) -> Any:
    return Evaluator(Scope([], lambda name: None, time_zone=BERLIN)).evaluate(f"{{{{ {expression} }}}}", 0)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2026-12-24", "2026-12-24T00:00:00.000+01:00"),
        ("2026-12-24T18:00Z", "2026-12-24T19:00:00.000+01:00"),
        (1798135200000, "2026-12-24T19:00:00.000+01:00"),
        ("1798135200000", "2026-12-24T19:00:00.000+01:00"),
        ("Thu, 24 Dec 2026 18:00:00 GMT", "2026-12-24T19:00:00.000+01:00"),
        (" 2026-W52-4 ", "2026-12-24T00:00:00.000+01:00"),
        ("2026-07-01T12:00:00.123456Z", "2026-07-01T14:00:00.123+02:00"),
        ("2024-02-29", "2024-02-29T00:00:00.000+01:00"),
        ("0001-06-01T00:00:00Z", "0001-06-01T00:53:28.000+00:53"),
    ],
)
def test_dates_are_recognised(date: Any, expected: str) -> None:
    assert made("parse", date) == expected


@pytest.mark.parametrize(
    ("date", "format", "expected"),
    [
        ("24.12.2026 18:05", "dd.MM.yyyy HH:mm", "2026-12-24T18:05:00.000+01:00"),
        ("12/24/26", "MM/dd/yy", "2026-12-24T00:00:00.000+01:00"),
        ("1 Jan 99", "d MMM yy", "1999-01-01T00:00:00.000+01:00"),
        ("Thursday, december 24 2026 at 6:05 PM", "EEEE, MMMM d yyyy 'at' h:mm a", "2026-12-24T18:05:00.000+01:00"),
        ("12:30 AM 2026-07-01", "hh:mm a yyyy-MM-dd", "2026-07-01T00:30:00.000+02:00"),
        ("2026-12-24 18:00 +0530", "yyyy-MM-dd HH:mm ZZZ", "2026-12-24T13:30:00.000+01:00"),
        ("2026-12-24 18:00 -03:00", "yyyy-MM-dd HH:mm ZZ", "2026-12-24T22:00:00.000+01:00"),
        ("2026-12-24 18:00 America/New_York", "yyyy-MM-dd HH:mm z", "2026-12-25T00:00:00.000+01:00"),
        ("1798135200", "X", "2026-12-24T19:00:00.000+01:00"),
        (1798135200.5, "X", "2026-12-24T19:00:00.500+01:00"),
        ("1798135200500", "x", "2026-12-24T19:00:00.500+01:00"),
        ("2026-358", "yyyy-ooo", "2026-12-24T00:00:00.000+01:00"),
        ("2026 52 4", "kkkk WW E", "2026-12-24T00:00:00.000+01:00"),
        ("20261224T24:00", "yyyyMMdd'T'HH:mm", "2026-12-25T00:00:00.000+01:00"),
        ("12/24/2026", "D", "2026-12-24T00:00:00.000+01:00"),
    ],
)
def test_a_date_is_read_in_its_format(date: Any, format: str, expected: str) -> None:
    assert made("parse", date, fromFormat=format) == expected


def test_names_of_other_languages_are_read_and_written() -> None:
    text = made("format", "2026-03-05T14:00", format="EEEE, d. MMMM yyyy", locale="de")
    assert text == "Donnerstag, 5. März 2026"
    assert made("parse", text, fromFormat="EEEE, d. MMMM yyyy", locale="de") == "2026-03-05T00:00:00.000+01:00"
    assert made("format", "2026-03-05T14:00", format="D t", locale="de") == "05.03.26 14:00"


@pytest.mark.parametrize(
    ("date", "more", "words"),
    [
        ("2026-02-30", {}, '"2026-02-30" is no date'),
        ("tomorrow", {}, "is no date"),
        ("", {}, "The date is empty"),
        (True, {}, "true is no date"),
        ([2026], {}, "is no date"),
        ({"__proto__": 1}, {}, "is no date"),
        (1e300, {}, "is no date"),
        ("9" * 400, {}, "is no date"),
        ("2026-13-01", {}, "is no date"),
        ("2026-01-01T25:00", {}, "is no date"),
        ("\ud800", {}, "is no date"),
        ("30.02.2026", {"fromFormat": "dd.MM.yyyy"}, "day is out of range"),
        ("24/12/2026", {"fromFormat": "dd.MM.yyyy"}, "it is written otherwise"),
        ("24.12.2026 17 PM", {"fromFormat": "dd.MM.yyyy h a"}, "there is no hour 17"),
        ("Monday 24.12.2026", {"fromFormat": "EEEE dd.MM.yyyy"}, "the weekday is another"),
        ("2026 2027", {"fromFormat": "yyyy yyyy"}, "says yyyy twice"),
        ("2026-366", {"fromFormat": "yyyy-ooo"}, "2026 has no day 366"),
        ("2026", {"fromFormat": "jj"}, "jj is no token"),
        ("2026", {"fromFormat": "'x'"}, "the format has no token"),
        ("2026 Mars/Base", {"fromFormat": "yyyy z"}, "no time zone"),
        (None, {}, "The date is empty"),
        ("2026-01-01", {"zone": "Mars/Base"}, "There is no time zone 'Mars/Base'"),
        ("2026-01-01", {"zone": "../../etc/passwd"}, "There is no time zone"),
        ("2026-01-01", {"zone": "+25:00"}, "There is no time zone"),
        ("2026-01-01", {"locale": "xx-nope"}, ""),
        ("0001-01-01T00:00Z", {"zone": "America/New_York"}, "outside the years"),
    ],
)
def test_what_is_no_date_is_refused_and_named(date: Any, more: dict[str, Any], words: str) -> None:
    if not words:  # a language is asked for where names are written
        with pytest.raises(DateInvalid, match="There is no language 'xx-nope'"):
            made("format", date, format="MMMM", **more)
        return
    with pytest.raises(NodeError, match=words):
        made("parse", date, **more)


@pytest.mark.parametrize(
    ("date", "amount", "unit", "expected"),
    [
        ("2026-01-31T10:00", 1, "months", "2026-02-28T10:00:00.000+01:00"),
        ("2024-02-29", 1, "years", "2025-02-28T00:00:00.000+01:00"),
        ("2026-03-28T02:30", 1, "days", "2026-03-29T03:30:00.000+02:00"),  # skipped by the clocks
        ("2026-03-28T12:00", 1, "days", "2026-03-29T12:00:00.000+02:00"),
        ("2026-03-28T12:00", 24, "hours", "2026-03-29T13:00:00.000+02:00"),
        ("2026-10-25T02:30+02:00", 1, "hours", "2026-10-25T02:30:00.000+01:00"),
        ("2026-10-25T02:30+01:00", 0, "days", "2026-10-25T02:30:00.000+01:00"),
        ("2026-12-24", -2, "quarters", "2026-06-24T00:00:00.000+02:00"),
        ("2026-12-24", 1.5, "days", "2026-12-25T12:00:00.000+01:00"),
        ("2026-12-24", 0.1, "milliseconds", "2026-12-24T00:00:00.000+01:00"),
        ("2026-12-24", 2, "weeks", "2027-01-07T00:00:00.000+01:00"),
    ],
)
def test_adding_keeps_the_clock_or_the_moment(date: str, amount: float, unit: str, expected: str) -> None:
    assert made("add", date, amount=amount, unit=unit) == expected
    assert luxon(f"DateTime.fromISO('{date}').plus({{ {unit}: {amount} }}).toISO()") == expected


@pytest.mark.parametrize("amount", [1e9, -1e9, 1e300, 10**30])
@pytest.mark.parametrize("unit", ["years", "months", "days", "hours", "milliseconds"])
def test_a_result_outside_the_calendar_is_refused(amount: float, unit: str) -> None:
    if abs(amount) == 1e9 and unit in ("milliseconds",):
        return
    with pytest.raises(DateInvalid, match="outside the years"):
        made("add", "2026-12-24", amount=amount, unit=unit)


@pytest.mark.parametrize(
    ("start", "end", "units"),
    [
        ("2026-01-31", "2026-03-01", "months, days"),
        ("2024-02-29", "2026-02-28", "years"),
        ("2026-03-28T12:00", "2026-03-29T12:00", "hours"),
        ("2026-03-28T12:00", "2026-03-29T12:00", "days"),
        ("2026-12-24", "2026-01-01T06:30", "weeks, days, hours, minutes"),
        ("2026-01-01", "2026-12-24T12:00", "quarters"),
        ("2020-05-17T10:11:12.013", "2026-12-24", "years, months, days, hours, minutes, seconds"),
        ("2026-10-25T00:00", "2026-10-26T00:00", "days, hours"),
        ("2026-01-01", "2026-01-01", "days"),
    ],
)
def test_differences_are_luxons(start: str, end: str, units: str) -> None:
    found = made("difference", start, otherDate=end, units=units)
    names = [unit.strip() for unit in units.split(",")]
    expected = luxon(f"DateTime.fromISO('{end}').diff(DateTime.fromISO('{start}'), {names}).toObject()")
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_difference_is_written_as_a_duration() -> None:
    more = {"otherDate": "2027-02-25T03:04:05.678", "isoDuration": True}
    assert made("difference", "2026-12-24", units="month day hour minute second", **more) == "P2M1DT3H4M5.678S"
    assert made("difference", "2026-12-24", otherDate="2026-12-24", isoDuration=True) == "PT0S"
    with pytest.raises(DateInvalid, match='"fortnights" is no unit'):
        made("difference", "2026-12-24", otherDate="2026-12-25", units="days, fortnights")


TOKENS = (
    "S SSS u uu uuu s ss m mm h hh H HH Z ZZ ZZZ z a d dd c ccc cccc ccccc E EEE EEEE EEEEE L LL LLL LLLL LLLLL"
    " M MM MMM MMMM MMMMM y yy yyyy yyyyyy G GG GGGGG kk kkkk W WW o ooo q qq X x D DD DDD DDDD t tt T TT f ff"
)


@pytest.mark.parametrize("moment", ["2026-03-05T04:07:09.058", "2024-12-30T23:59:59.999", "2026-07-04T12:00:00.000"])
def test_every_token_writes_what_luxons_does(moment: str) -> None:
    for token in TOKENS.split():
        expected = luxon(f"DateTime.fromISO('{moment}').toFormat('{token}')")
        assert made("format", moment, format=token).replace("\u202f", " ") == expected.replace("\u202f", " "), token
    pattern = "yyyy'T'dd [MMM] h''a - 'it''s' b"
    escaped = pattern.replace("'", "\\'")
    assert made("format", moment, format=pattern) == luxon(f"DateTime.fromISO('{moment}').toFormat('{escaped}')")


@pytest.mark.parametrize(
    ("format_as", "expected"),
    [
        ("iso", "2026-12-24T18:00:00.000+01:00"),
        ("isoDate", "2026-12-24"),
        ("isoTime", "18:00:00.000+01:00"),
        ("sql", "2026-12-24 18:00:00.000 +01:00"),
        ("http", "Thu, 24 Dec 2026 17:00:00 GMT"),
        ("rfc2822", "Thu, 24 Dec 2026 18:00:00 +0100"),
        ("seconds", 1798131600),
        ("milliseconds", 1798131600000),
    ],
)
def test_well_known_formats(format_as: str, expected: Any) -> None:
    assert made("format", "2026-12-24T18:00", formatAs=format_as) == expected


@pytest.mark.parametrize(
    ("operation", "date", "more", "expected"),
    [
        ("startOf", "2026-12-24T18:05", {"period": "quarter"}, "2026-10-01T00:00:00.000+02:00"),
        ("startOf", "2026-12-24T18:05", {"period": "week"}, "2026-12-21T00:00:00.000+01:00"),
        ("startOf", "2026-12-24T18:05", {"period": "week", "weekStart": "sunday"}, "2026-12-20T00:00:00.000+01:00"),
        ("endOf", "2026-02-10", {"period": "month"}, "2026-02-28T23:59:59.999+01:00"),
        ("endOf", "2026-03-29T01:00", {"period": "day"}, "2026-03-29T23:59:59.999+02:00"),
        ("startOf", "2026-10-25T02:30:10+01:00", {"period": "hour"}, "2026-10-25T02:00:00.000+01:00"),
        ("round", "2026-12-24T18:07:30", {"period": "minute", "multiple": 15}, "2026-12-24T18:15:00.000+01:00"),
        ("round", "2026-12-24T18:07:29", {"period": "minute", "multiple": 15}, "2026-12-24T18:00:00.000+01:00"),
        ("round", "2026-12-24T18:00:01", {"period": "hour", "direction": "up"}, "2026-12-24T19:00:00.000+01:00"),
        ("round", "2026-12-24T18:00:00", {"period": "hour", "direction": "up"}, "2026-12-24T18:00:00.000+01:00"),
        ("round", "2026-12-24T12:00", {"period": "day"}, "2026-12-25T00:00:00.000+01:00"),
        ("round", "2026-12-24T12:00", {"period": "month", "direction": "down"}, "2026-12-01T00:00:00.000+01:00"),
        ("convertZone", "2026-12-24T18:00Z", {"zone": "Asia/Kolkata"}, "2026-12-24T23:30:00.000+05:30"),
        ("convertZone", "2026-12-24T18:00Z", {"zone": "UTC-3"}, "2026-12-24T15:00:00.000-03:00"),
        ("convertZone", "2026-12-24T18:00", {"zone": "UTC", "fromZone": BERLIN}, "2026-12-24T17:00:00.000Z"),
    ],
)
def test_rounding_periods_and_zones(operation: str, date: str, more: dict[str, Any], expected: str) -> None:
    assert made(operation, date, **more) == expected


@pytest.mark.parametrize(
    ("date", "more", "expected"),
    [
        ("2026-03-29T02:30", {}, "2026-03-29T03:30:00.000+02:00"),
        ("2026-03-29T02:30", {"skipped": "back"}, "2026-03-29T01:30:00.000+01:00"),
        ("2026-10-25T02:30", {}, "2026-10-25T02:30:00.000+02:00"),
        ("2026-10-25T02:30", {"repeated": "later"}, "2026-10-25T02:30:00.000+01:00"),
    ],
)
def test_local_times_that_clocks_skip_or_repeat(date: str, more: dict[str, Any], expected: str) -> None:
    assert made("parse", date, **more) == expected


@pytest.mark.parametrize(
    ("date", "more", "words"),
    [
        ("2026-03-29T02:30", {"skipped": "fail"}, "2026-03-29 02:30:00 is skipped by the clocks of Europe/Berlin"),
        ("2026-10-25T02:30", {"repeated": "fail"}, "2026-10-25 02:30:00 is repeated"),
    ],
)
def test_they_fail_where_they_are_to(date: str, more: dict[str, Any], words: str) -> None:
    with pytest.raises(DateInvalid, match=words):
        made("parse", date, **more)
    assert made("parse", "2026-10-25T02:30+01:00", **more) == "2026-10-25T02:30:00.000+01:00"


def test_parts_are_extracted() -> None:
    assert made("extract", "2027-01-01", part="week") == 53
    assert made("extract", "2027-01-01", part="weekYear") == 2026
    assert made("extract", "2026-12-24", part="weekdayName", locale="fr") == "jeudi"
    every = made("extract", "2024-07-04T13:14:15.016", part="all")
    assert every["daysInMonth"] == 31
    assert (every["dayOfYear"], every["offsetMinutes"]) == (186, 120)
    assert (every["isLeapYear"], every["isDaylightSaving"], every["quarter"]) == (True, True, 3)


@pytest.mark.parametrize(
    ("date", "bounds", "expected"),
    [
        ("2026-12-24", "both", True),
        ("2026-12-24", "end", False),
        ("2026-12-31", "none", False),
        ("2026-12-27", "none", True),
        ("2027-01-01", "both", False),
    ],
)
def test_between_takes_bounds_in_any_order(date: str, bounds: str, expected: bool) -> None:
    assert made("between", date, start="2026-12-24", end="2026-12-31", bounds=bounds) is expected
    flipped = {"end": "start", "start": "end"}.get(bounds, bounds)
    if date != "2026-12-24" or bounds == flipped:
        assert made("between", date, start="2026-12-31", end="2026-12-24", bounds=bounds) is expected


def test_now_is_the_steps_moment_and_items_keep_their_fields() -> None:
    rows = NODE.json({"operation": "now", "outputField": "at.now"}, items({"a": 1}, {"a": 2}))
    assert rows[0]["a"] == 1
    assert rows[0]["at"] == rows[1]["at"]
    assert made("now", includeTime=False)[10:23] == "T00:00:00.000"
    alone = {"operation": "now", "outputField": "x", "keepOtherFields": False}
    assert set(NODE.json(alone, items({"a": 1}))[0]) == {"x"}
    with pytest.raises(ParameterInvalid, match=r"Write to field: .*names __proto__"):
        NODE.json({"operation": "now", "outputField": "__proto__.x"}, items({}))
    with pytest.raises(ParameterInvalid, match="A month cannot be rounded to a multiple"):
        made("round", "2026-12-24", period="month", multiple=2)


@pytest.mark.parametrize(
    ("date", "numbers", "expected"),
    [
        (1798135200, "seconds", "2026-12-24T19:00:00.000+01:00"),
        ("1798135200", "seconds", "2026-12-24T19:00:00.000+01:00"),
        ("1798135200.25", "seconds", "2026-12-24T19:00:00.250+01:00"),
        (-86400, "seconds", "1969-12-31T01:00:00.000+01:00"),
        (0, "seconds", "1970-01-01T01:00:00.000+01:00"),
        ("20261224", "seconds", "2026-12-24T00:00:00.000+01:00"),
        (1798135200, "auto", "2026-12-24T19:00:00.000+01:00"),
        (1798135200000, "auto", "2026-12-24T19:00:00.000+01:00"),
        ("1798135200000", "auto", "2026-12-24T19:00:00.000+01:00"),
        ("99999999999", "auto", "5138-11-16T10:46:39.000+01:00"),
        (100000000000, "auto", "1973-03-03T10:46:40.000+01:00"),
        (1798135200, "milliseconds", "1970-01-21T20:28:55.200+01:00"),
    ],
)
def test_numbers_are_what_the_option_says(date: Any, numbers: str, expected: str) -> None:
    assert made("parse", date, numbers=numbers) == expected


def test_milliseconds_as_seconds_are_no_date_and_never_another_year() -> None:
    with pytest.raises(DateInvalid, match="is no date") as caught:
        made("parse", 1798135200000, numbers="seconds")
    assert ", seconds since 1970" in caught.value.remedy


def test_a_number_that_is_most_likely_seconds_is_told_once() -> None:
    def told(**params: Any) -> list[str]:
        node = Bench(SPEC, run)
        node({"operation": "parse", **params}, items({}, {}))
        return [line["message"] for line in node.outside.of("node.log")]

    assert told(date="{{ 1798135200 }}") == [
        "1798135200 is read as milliseconds, which is in 1970."
        " Where it is seconds, choose that under Options, Numbers are."
    ]
    assert len(told(operation="between", date="2026-01-01", start=1798135200, end="1798135201")) == 1
    for quiet in (
        {"date": 1798135200000},
        {"date": 0},
        {"date": 1798135200, "numbers": "seconds"},
        {"date": 1798135200, "fromFormat": "X"},
        {"date": "2026-12-24"},
    ):
        assert told(**quiet) == []


@pytest.mark.parametrize(
    ("moment", "luxon"),
    [
        ("YYYY-MM-DD", "yyyy-MM-dd"),
        ("DD.MM.YYYY HH:mm", "dd.MM.yyyy HH:mm"),
        ("YY/M/D", "yy/M/d"),
        ("dddd, MMMM Do YYYY, h:mm A", "EEEE, MMMM d yyyy, h:mm a"),
        ("YYYY-MM-DD[T]HH:mm:ssZ", "yyyy-MM-dd'T'HH:mm:ssZZ"),
        ("DD MMM", "dd MMM"),
        ("YYYY-DDDD", "yyyy-ooo"),
        ("[YYYY] is 'YYYY': YYYY", "'YYYY' is 'YYYY': yyyy"),
    ],
)
def test_a_format_of_moment_js_is_refused_with_luxons(moment: str, luxon: str) -> None:
    for field, params in (
        ("format", {"operation": "format", "date": "2026-12-24", "format": moment}),
        ("fromFormat", {"operation": "parse", "date": "2026-12-24", "fromFormat": moment}),
    ):
        with pytest.raises(DateInvalid, match=r"as moment\.js has it") as caught:
            NODE.json(params, items({}))
        assert caught.value.details == {"field": f"params.{field}", "format": luxon}
        assert luxon in caught.value.remedy


@pytest.mark.parametrize("format", ["yyyy-MM-dd", "DD", "DDDD t", "D 'um' T", "'YYYY' yyyy", "d.M.", "'MM' DD", "cccc"])
def test_a_format_of_luxon_is_left_alone(format: str) -> None:
    assert made("format", "2026-12-24", format=format) == luxon(
        f"DateTime.fromISO('2026-12-24', {{ zone: 'Europe/Berlin' }}).toFormat({format!r})"
        if "'" not in format
        else f'DateTime.fromISO("2026-12-24", {{ zone: "Europe/Berlin" }}).toFormat("{format}")'
    )


@pytest.mark.parametrize(
    ("format", "count"),
    [
        ("dd-mm-yyyy", 1),
        ("yyyy/m/d", 1),
        ("dd.MM.yyyy HH:mm", 0),
        ("dd.MM.yyyy mm", 0),
        ("d 'mm' yyyy", 0),
        ("HH:mm", 0),
        ("mm:ss", 0),
    ],
)
def test_minutes_that_stand_for_months_are_told_once(format: str, count: int) -> None:
    node = Bench(SPEC, run)
    node({"operation": "format", "date": "2026-12-24", "format": format}, items({}, {}))
    told = [line["message"] for line in node.outside.of("node.log")]
    assert told == [f'In the format "{format}" mm are minutes; months are MM.'] * count
