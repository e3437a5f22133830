"""Numbers, time zones and the small Intl: the same as a browser's, or an error."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepweave.expressions import Scope
from stepweave.expressions.engine import EngineError
from stepweave.expressions.session import Session
from stepweave.expressions.zones import zone_table
from stepweave.model.numbers import NotFinite, NotShortest, data_text, double, is_index, number_text, ordered, whole


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(Scope.of_outputs([{"json": {}}], {}), 5.0, 2**26)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (-2.5e-7, "-2.5e-7"),
        (0.000001, "0.000001"),
        (0.1 + 0.2, "0.30000000000000004"),
        (5e-324, "5e-324"),
        (123456789012345680000, "123456789012345680000"),
        (-12.5, "-12.5"),
        (-0.0, "0"),
        (100.0, "100"),
    ],
)
def test_numbers_are_written_as_javascript_writes_them(number: float, text: str) -> None:
    assert number_text(double(number)) == text


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**1000), 2**1000))
def test_a_number_keeps_its_double(number: float) -> None:
    assert float(double(number)) == float(number)
    with contextlib.suppress(NotShortest):
        assert float(number_text(double(number))) == float(number)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1.0, "1"),
        (1e21, "1e+21"),
        (-0.0, "0"),
        (2.0**-24, "5.960464477539063e-8"),
        (float("inf"), "Infinity"),
        (10**400, "Infinity"),
        ({"b": [1.0, None, float("nan")], "1": "é"}, '{"1":"é","b":[1,null,null]}'),
    ],
)
def test_data_as_text_is_what_javascript_writes(value: Any, text: str) -> None:
    assert data_text(value) == text


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 10**400])
def test_what_no_double_holds_is_refused(number: float) -> None:
    with pytest.raises(NotFinite):
        double(number)


def test_what_quickjs_writes_too_long_is_left_to_it() -> None:
    with pytest.raises(NotShortest):
        number_text(2.0**-24)
    assert number_text(2.0**-10) == "0.0009765625"


def test_keys_that_are_indices_come_first() -> None:
    assert json.dumps(ordered({"b": 1, "10": 2, "2": 3, "01": 4})) == '{"2": 3, "10": 2, "b": 1, "01": 4}'
    assert [key for key in ("0", "4294967294", "4294967295", "²", "1.0", "") if is_index(key)] == ["0", "4294967294"]


def test_halves_of_a_pair_are_joined() -> None:
    assert whole("a\ud83e\udd84\ud83e") == "a🦄\ud83e"


@pytest.mark.parametrize(
    "name", ["Nowhere/Nothing", "../etc/passwd", "/etc/localtime", "", "europe berlin", "A" * 5000]
)
def test_a_zone_that_is_not_there_is_none(name: str) -> None:
    assert zone_table(name) is None


def test_a_zones_table_has_its_changes() -> None:
    table: dict[str, Any] = zone_table("Europe/Berlin") or {}
    at = table["at"].index(1774746000)  # 2026-03-29T01:00:00Z
    assert table["offset"][at : at + 2] == [3600, 7200]
    assert table["name"][at : at + 2] == ["CET", "CEST"]
    assert len(table["offset"]) == len(table["name"]) == len(table["at"]) + 1


# Each value is what Node 20 (ICU 74) gives, but for the space before AM and PM, which Chrome writes plain.
@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("(1234567.891).toLocaleString()", "1,234,567.891"),
        ("(1.005).toLocaleString('en-US', { maximumFractionDigits: 2 })", "1.01"),
        ("(-1234.565).toLocaleString('en-US', { style: 'currency', currency: 'EUR' })", "-€1,234.57"),
        ("(5).toLocaleString('en-US', { style: 'currency', currency: 'CHF' })", "CHF\u00a05.00"),
        ("(5.5).toLocaleString('en-US', { style: 'currency', currency: 'JPY' })", "¥6"),
        ("(0.256).toLocaleString('en-US', { style: 'percent', maximumFractionDigits: 1 })", "25.6%"),
        ("(1e21).toLocaleString()", "1,000,000,000,000,000,000,000"),
        ("(0).toLocaleString('en', { minimumFractionDigits: 2 })", "0.00"),
        ("(7).toLocaleString('en', { minimumIntegerDigits: 3, useGrouping: false })", "007"),
        ("(0/0).toLocaleString() + (-1/0).toLocaleString()", "NaN-∞"),
        ("new Date(0).toLocaleString()", "1/1/1970, 12:00:00 AM"),
        ("new Date(0).toLocaleDateString('en-US', { timeZone: 'America/New_York' })", "12/31/1969"),
        (
            "new Date(0).toLocaleTimeString('en-US', { timeZone: 'Asia/Kolkata', timeStyle: 'long' })",
            "5:30:00 AM GMT+5:30",
        ),
        ("new Date(0).toLocaleDateString('en-US', { dateStyle: 'full' })", "Thursday, January 1, 1970"),
        ("new Date(0).toLocaleString('en-US', { dateStyle: 'medium', timeStyle: 'short' })", "Jan 1, 1970, 12:00 AM"),
        ("new Date(0).toLocaleString('en-US', { weekday: 'short', hour: 'numeric' })", "Thu 12 AM"),
        ("new Date(0).toLocaleString('en-US', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })", "00:00"),
        ("new Date(NaN).toLocaleString()", "Invalid Date"),
        (
            "DateTime.fromISO('2026-11-23T09:05').toLocaleString(DateTime.DATETIME_FULL)",
            "November 23, 2026 at 9:05 AM UTC",
        ),
        ("DateTime.fromISO('2150-07-04', { zone: 'America/New_York' }).toFormat('ZZZZ ZZ')", "EDT -04:00"),
        ("DateTime.fromISO('1890-01-01', { zone: 'Europe/Berlin' }).toFormat('ZZZZ')", "GMT+0:53:28"),
        ("DateTime.fromISO('2026-03-29T02:30', { zone: 'Europe/Berlin' }).toISO()", "2026-03-29T03:30:00.000+02:00"),
        ("DateTime.fromISO('2026-01-05').toRelative({ base: DateTime.fromISO('2026-02-20') })", "1 month ago"),
        ("Duration.fromMillis(3723004).rescale().toHuman()", "1 hour, 2 minutes, 3 seconds, 4 milliseconds"),
        (
            "Duration.fromObject({ days: 1, hours: 2, minutes: 3 }).toHuman({ listStyle: 'long' })",
            "1 day, 2 hours, and 3 minutes",
        ),
        ("Interval.fromDateTimes(DateTime.fromISO('2026-01-01'), DateTime.fromISO('2026-03-01')).length('days')", 59),
    ],
)
def test_dates_and_numbers_are_written_as_a_browser_does(session: Session, source: str, value: object) -> None:
    assert session.run(source, 0, as_text=False) == value


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("(5).toLocaleString('de-DE')", "the locale de-DE is not available here"),
        ("(5).toLocaleString('en-US', { notation: 'compact' })", "the option notation is not available"),
        ("(5).toLocaleString('en-US', { style: 'unit', unit: 'liter', unitDisplay: 'long' })", "the unit liter"),
        ("new Date(0).toLocaleString('en-US', { timeZone: 'Nowhere/Nothing' })", "Invalid time zone specified"),
        ("new Date(0).toLocaleDateString('en-US', { timeStyle: 'short' })", "Invalid option : timeStyle"),
        ("new Date(0).toLocaleString('en-US', { timeZoneName: 'long' })", "the time zone's long name"),
        ("new Intl.DateTimeFormat('en-US').format(NaN)", "Invalid time value"),
        ("(5).toLocaleString('en', { minimumFractionDigits: 3, maximumFractionDigits: 1 })", "is larger than"),
    ],
)
def test_what_intl_does_not_know_is_an_error(session: Session, source: str, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        session.run(source, 0, as_text=False)


@given(st.text(max_size=12))
def test_no_text_breaks_the_engine(source: str) -> None:
    session = Session(Scope.of_outputs([{"json": {}}], {}), 1.0, 2**24)
    with contextlib.suppress(EngineError):
        session.run(source, 0, as_text=True)
    assert session.run("1 + 1", 0, as_text=False) == 2


# Each value is what Node 20 (ICU 74) gives.
@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("['10', '9', '2'].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }))", ["2", "9", "10"]),
        ("['b', 'A', 'a', 'B', 'ä'].sort((a, b) => a.localeCompare(b))", ["a", "A", "ä", "b", "B"]),
        ("['résumé', 'resume', 'Résumé', 'résume'].sort(new Intl.Collator('fr').compare)",
         ["resume", "résume", "résumé", "Résumé"]),
        ("['co-op', 'coop', 'CO-OP', 'co op'].sort(Intl.Collator('en').compare)", ["co op", "co-op", "CO-OP", "coop"]),
        ("['a', 'A'].sort(new Intl.Collator('en', { caseFirst: 'upper' }).compare)", ["A", "a"]),
        ("['file10', 'File 2', 'file02', 'file2'].sort(new Intl.Collator('de-u-kn-true').compare)",
         ["File 2", "file02", "file2", "file10"]),
        ("['z', 'Я', 'α', '€', '10', '日', '가', ''].sort((a, b) => a.localeCompare(b))",
         ["", "€", "10", "z", "α", "Я", "가", "日"]),
        ("['base', 'accent', 'case', 'variant'].map((sensitivity) => "
         "['ä', 'A', 'Ä'].map((b) => 'a'.localeCompare(b, 'en', { sensitivity })))",
         [[0, 0, 0], [-1, 0, -1], [0, -1, -1], [-1, -1, -1]]),
        ("['Straße'.localeCompare('Strasse', 'de', { sensitivity: 'base' }), 'é'.localeCompare('e\\u0301')]", [0, 0]),
        ("'a-b'.localeCompare('ab', 'en', { ignorePunctuation: true })", 0),
        ("[1, 2, 3, 11, 22].map((n) => new Intl.PluralRules('en', { type: 'ordinal' }).select(n))",
         ["one", "two", "few", "other", "two"]),
        ("[0, 1, 1.5].map((n) => new Intl.PluralRules('en').select(n))", ["other", "one", "other"]),
        ("[-1, 0, 1, 2].map((n) => new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(n, 'day'))",
         ["yesterday", "today", "tomorrow", "in 2 days"]),
        ("[new Intl.RelativeTimeFormat('en').format(-1, 'hours'), new Intl.RelativeTimeFormat().format(1.5, 'week')]",
         ["1 hour ago", "in 1.5 weeks"]),
        ("[1234.5, 2].toLocaleString()", "1,234.5,2"),
        ("12345678901234567890n.toLocaleString('en-US')", "12,345,678,901,234,567,890"),
        ("[1, 2].map(Intl.NumberFormat('en', { minimumFractionDigits: 1 }).format)", ["1.0", "2.0"]),
    ],
)  # fmt: skip
def test_languages_are_what_they_are_in_node(session: Session, source: str, value: object) -> None:
    assert session.run(source, 0, as_text=False) == value


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("'ä'.localeCompare('z', 'sv')", "the order of the locale sv is not available here"),
        ("'a'.localeCompare('b', 'de-u-co-phonebk')", "the order of the locale de-u-co-phonebk"),
        ("'a'.localeCompare('b', 'no such')", "Incorrect locale information"),
        ("'a'.localeCompare('b', 'en', { sensitivity: 'most' })", "out of range for Intl.Collator options"),
        ("'i'.toLocaleUpperCase('tr')", "for the locale tr is not available"),
        ("[1234.5].toLocaleString('de')", "the locale de is not available"),
        ("new Intl.DisplayNames('en', { type: 'region' })", "Intl.DisplayNames is not available"),
        ("$now.setLocale('fr').toFormat('MMMM')", "the locale fr is not available"),
    ],
)
def test_languages_that_are_not_known_are_errors(session: Session, source: str, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        session.run(source, 0, as_text=False)
