"""What is the same, what is loosely the same, and what comes before what."""

import itertools
from typing import Any

import pytest

from stepweave.model.equality import folded, loosened, same_key
from stepweave.model.numbers import same
from stepweave.model.ordering import natural_text, order_key

ALL: list[Any] = [
    None, True, False, 0, -0.0, 1, 1.0, 2**53, 2**53 + 1, 10**400, -(10**400), "", "1", "true", "a", "A",
    [], {}, [1], [1.0], [True], ["1"], [None], [10**400], {"a": 1, "b": 2}, {"b": 2.0, "a": 1}, {"a": None},
    {"a": -0.0}, {"a": 0}, {"__proto__": 1}, "\ud800",
]  # fmt: skip


def test_the_key_of_a_value_is_equal_exactly_where_values_are_the_same() -> None:
    wrong = [(a, b) for a, b in itertools.product(ALL, ALL) if (same_key(a) == same_key(b)) != same(a, b)]
    assert wrong == [(2**53, 2**53 + 1), (2**53 + 1, 2**53)], "the digits of ids count, other than in conditions"


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("1", 1, True),
        (" 1.0 ", 1, True),
        ("TRUE", True, True),
        ("1", True, False),
        ("", None, True),
        ([], {}, True),
        (0, None, False),
        ("0", None, False),
        ({"a": "5", "b": []}, {"b": None, "a": 5.0}, True),
        ("a", "A", False),
        ("120219279256800279", "120219279256800270", False),
        ("120219279256800279", 120219279256800279, True),
    ],
)
def test_loosely_the_same(left: Any, right: Any, equal: bool) -> None:
    assert (same_key(loosened(left)) == same_key(loosened(right))) == equal


def test_case_is_left_out_at_any_depth() -> None:
    assert folded({"A": ["Straße", 1]}) == {"A": ["strasse", 1]}
    assert loosened(" Ab ", ignore_case=True) == "ab"


def test_everything_has_its_place_in_one_order() -> None:
    ordered: list[Any] = [
        False, True, -(10**400), -1, 0, 0.5, 1, 2**53, 2**53 + 1, 10**400, "", "10", "9", "a", "ä",
        [], [None], [False], [1], [1, 2], ["a"], {}, {"a": 1}, {"a": 2}, {"a": "x"}, {"b": 0},
    ]  # fmt: skip
    backwards = list(reversed(ordered))
    assert sorted(backwards, key=order_key) == ordered


def test_natural_order_reads_digits_as_numbers_and_leaves_accents_out() -> None:
    names = ["File 10", "file 2", "FILE 02a", "file", "Étude", "etude 1", "9" * 5000, "zebra", "10", "9.txt"]
    assert sorted(names, key=natural_text) == [
        "9.txt", "10", "9" * 5000, "Étude", "etude 1", "file", "file 2", "FILE 02a", "File 10", "zebra",
    ]  # fmt: skip
