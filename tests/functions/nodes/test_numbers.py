"""The numbers node: exact decimals, rounding, languages, and what is no number."""

from typing import Any

import pytest

from functions.nodes.data.numbers.errors import NumberInvalid
from functions.nodes.data.numbers.run import run
from functions.nodes.data.numbers.spec import SPEC
from stepweave.runtime.errors import ParameterInvalid
from tests.fakes.steps import Bench, items

NODE = Bench(SPEC, run)


def made(operation: str, number: Any = None, **more: Any) -> Any:
    params = {"operation": operation, **({} if number is None else {"number": "{{ $json.n }}"}), **more}
    return NODE.json(params, items({"n": number}))[0]["number"]


@pytest.mark.parametrize(
    ("number", "more", "expected"),
    [
        (1.005, {}, 1.01),
        (2.675, {}, 2.68),
        ("2.5", {"decimals": 0}, 3),
        (2.5, {"decimals": 0, "rounding": "halfEven"}, 2),
        (3.5, {"decimals": 0, "rounding": "halfEven"}, 4),
        (-2.5, {"decimals": 0}, -3),
        (2.5, {"decimals": 0, "rounding": "halfDown"}, 2),
        (-1.21, {"decimals": 1, "rounding": "ceiling"}, -1.2),
        (-1.21, {"decimals": 1, "rounding": "floor"}, -1.3),
        (1.21, {"decimals": 1, "rounding": "up"}, 1.3),
        (1.29, {"decimals": 1, "rounding": "down"}, 1.2),
        (1250, {"decimals": -2}, 1300),
        (2.5, {"asText": True}, "2.50"),
        (-0.001, {"asText": True}, "0.00"),
        ("12345678901234567890.125", {"asText": True}, "12345678901234567890.13"),
        (1e300, {}, 1e300),
        (5e-324, {}, 0),
        (" 7 ", {}, 7),
    ],
)
def test_rounding(number: Any, more: dict[str, Any], expected: Any) -> None:
    assert made("round", number, **more) == expected


@pytest.mark.parametrize(
    ("number", "calculation", "other", "expected"),
    [
        (0.1, "add", 0.2, 0.3),
        (0.3, "subtract", 0.1, 0.2),
        ("1.10", "multiply", 3, 3.3),
        (1, "divide", 8, 0.125),
        (-7, "remainder", 3, -1),
        (2, "power", 10, 1024),
        (2, "power", 0.5, 1.4142135623730951),
        (80, "percent", 25, 20),
        (10**25, "add", 1, 10**25 + 1),
    ],
)
def test_calculations_are_exact(number: Any, calculation: str, other: Any, expected: Any) -> None:
    more = {"asText": True} if isinstance(expected, int) and expected > 2**53 else {}
    assert made("calculate", str(number), calculation=calculation, other=other, **more) == (
        str(expected) if more else expected
    )


@pytest.mark.parametrize(
    ("number", "calculation", "other", "words"),
    [
        (1, "divide", 0, "division by zero"),
        (0, "divide", 0, "division by zero"),
        (1, "remainder", 0, "division by zero"),
        (-1, "power", 0.5, "has no result"),
        (9, "power", 387420489, "too large"),
        (10, "power", 400, "too large"),
        (1e300, "multiply", 1e300, "too large"),
    ],
)
def test_a_calculation_without_a_result_is_said_so(number: Any, calculation: str, other: Any, words: str) -> None:
    with pytest.raises(NumberInvalid, match=words):
        made("calculate", number, calculation=calculation, other=other)


@pytest.mark.parametrize(
    "number",
    ["", "abc", "1,5", "NaN", "Infinity", "0x10", "1_0", "１", True, [1], {"a": 1}, "1e400", "9" * 500, "1e-999"],
)
def test_what_is_no_number_is_named(number: Any) -> None:
    with pytest.raises(NumberInvalid, match=r"is no number|No number is given"):
        made("round", number)


@pytest.mark.parametrize(
    ("number", "more", "expected"),
    [
        (1234.5, {}, "1,234.5"),
        (1234.5, {"locale": "de"}, "1.234,5"),
        (1234.5, {"locale": "de-CH"}, "1'234.5"),
        (1234567.891, {"locale": "en-IN"}, "12,34,567.891"),
        (0.256, {"style": "percent", "locale": "de"}, "25,6\u00a0%"),
        (1234.5, {"style": "currency", "locale": "de"}, "1.234,50\u00a0€"),
        (1234.5, {"style": "currency", "currency": "JPY", "locale": "en"}, "¥1,234"),
        (1234.5, {"style": "scientific"}, "1.2345E3"),
        (12345, {"style": "compact"}, "12.3K"),
        (1234.5, {"style": "pattern", "pattern": "#,##0.00"}, "1,234.50"),
        (5, {"style": "pattern", "pattern": "000"}, "005"),
    ],
)
def test_numbers_are_written_as_their_language_does(number: Any, more: dict[str, Any], expected: str) -> None:
    assert made("format", number, **more) == expected


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("1.234,56 €", "de", 1234.56),
        ("$1,234.56", "en", 1234.56),
        ("1 234,5", "fr", 1234.5),
        ("1\u202f234,5", "fr", 1234.5),
        ("1'234.5", "de-CH", 1234.5),
        ("(12)", "en", -12),
        ("−5", "en", -5),
        ("5-", "de", -5),
        ("12 %", "en", 12),
        ("12,34,567", "en-IN", 1234567),
        (7, "en", 7),
    ],
)
def test_numbers_are_read_as_people_write_them(text: Any, locale: str, expected: Any) -> None:
    assert made("parse", text=text, locale=locale) == expected


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("1.5", "de"),
        ("1,5", "en"),
        ("", "en"),
        ("abc", "en"),
        ("1.2.3", "en"),
        ("NaN", "en"),
        ("--5", "en"),
        ("5" * 300, "en"),
    ],
)
def test_text_that_is_no_number_of_the_language_is_refused(text: str, locale: str) -> None:
    with pytest.raises(NumberInvalid, match="is no number"):
        made("parse", text=text, locale=locale)


def test_bounds_and_random_numbers() -> None:
    assert made("clamp", 5, lowest=1, highest=3) == 3
    assert made("clamp", -5, lowest="0.5") == 0.5
    assert made("clamp", 2, lowest=1, highest=3) == 2
    with pytest.raises(NumberInvalid, match="is more than"):
        made("clamp", 2, lowest=3, highest=1)
    assert {made("random", lowest=1, highest=3) for _ in range(60)} == {1, 2, 3}
    assert 0 <= made("random", lowest=0, highest=1, places=2) <= 1
    with pytest.raises(NumberInvalid, match="There is no such number"):
        made("random", lowest=0.2, highest=0.8)


def test_languages_currencies_and_patterns_that_are_none() -> None:
    with pytest.raises(NumberInvalid, match="There is no language"):
        made("format", 1, locale="xx-nope")
    with pytest.raises(NumberInvalid, match="There is no language"):
        made("parse", text="1", locale="../../etc")
    with pytest.raises(ParameterInvalid):
        made("format", 1, style="currency", currency="euro")
    with pytest.raises(NumberInvalid, match="is no pattern"):
        made("format", 1, style="pattern", pattern="abc")
    with pytest.raises(NumberInvalid, match="too large or too small"):
        made("format", 1e300)
