"""Depth of JSON data, however deep it is."""

from typing import Any

import pytest

from stepweave.model.depth import CUT, cut_to, deeper_than


def nested(depth: int, *, lists: bool = False) -> Any:
    value: Any = [] if lists else {}
    for _ in range(depth - 1):
        value = [value, 1] if lists else {"a": value, "b": "x"}
    return value


@pytest.mark.parametrize(
    ("value", "depth"),
    [(5, 0), ("[[", 0), ([], 1), ({"a": [5]}, 2), (nested(50), 50), (nested(10_000, lists=True), 10_000)],
)
def test_lists_and_objects_within_each_other_count(value: Any, depth: int) -> None:
    assert not deeper_than(value, depth)
    assert depth == 0 or deeper_than(value, depth - 1)


def test_what_lies_deeper_is_cut_and_the_rest_stays() -> None:
    assert cut_to({"z": [1, {"b": {}}], "a": 2}, 2) == {"z": [1, CUT], "a": 2}
    kept: dict[str, Any] = {"a": {"b": []}}
    assert cut_to(kept, 3) is kept
    assert not deeper_than(cut_to(nested(10_000), 100), 100)
