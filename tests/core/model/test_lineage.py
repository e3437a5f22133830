"""Lineage as data: what items take along, what becomes of it where several meet."""

from typing import Any

from stepweave.model.lineage import carried, descended, merged, one_of, placed, without


def item(origin: dict[str, Any] | None = None, **json: Any) -> Any:
    return {"json": json} if origin is None else {"json": json, "origin": origin}


def test_places_are_noted_beside_what_is_known_and_nothing_is_changed() -> None:
    given = [item(n=1), item({"a": ["main", 4], "b": ["main", 9]}, n=2)]
    assert placed(given, "b", "true") == [
        item({"b": ["true", 0]}, n=1),
        item({"a": ["main", 4], "b": ["true", 1]}, n=2),
    ]
    assert placed(given, "b", "true", "3.0")[0]["origin"] == {"b": ["true", 0, "3.0"]}
    assert given == [item(n=1), item({"a": ["main", 4], "b": ["main", 9]}, n=2)]


def test_what_is_equal_stays_and_what_differs_is_unclear() -> None:
    both = [item({"a": ["main", 0], "b": ["main", 1]}), item({"a": ["main", 0], "b": ["main", 2], "c": None})]
    assert merged(both) == {"a": ["main", 0], "b": None, "c": None}
    assert merged([*both, item()]) == {"a": ["main", 0], "b": None, "c": None}
    assert merged([]) == {}


def test_of_some_of_several_only_what_all_share_is_known() -> None:
    some = [item({"a": ["main", 0], "b": ["main", 1]}), item({"a": ["main", 0]})]
    assert one_of(some) == {"a": ["main", 0], "b": None}
    assert one_of(some[:1]) == {"a": ["main", 0], "b": ["main", 1]}
    assert one_of([]) == {}


def test_items_descend_unless_they_say_from_where() -> None:
    origin = {"a": ["main", 0]}
    made = descended([item(n=1), item({"a": None}, n=2)], origin)
    assert made == [item(origin, n=1), item({"a": None}, n=2)]
    assert made[0]["origin"] is not origin
    assert descended([item(n=1)], {}) == [item({}, n=1)]
    assert descended([item(n=1)], None) == [item(n=1)]


def test_without_lineage_items_are_what_people_see() -> None:
    bare = [item(n=1)]
    assert without(bare) is bare
    file = {"f": {"key": "k"}}
    given: list[Any] = [item({"a": None}, n=1), {"json": {}, "binary": file, "origin": {}}]
    assert carried(given)
    assert without(given) == [item(n=1), {"json": {}, "binary": file}]
