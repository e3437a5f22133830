"""Which things of a list are new: each once, whatever the list does."""

import json
import random
from typing import Any

import pytest

from stepweave.runtime.http_errors import ResponseTooLarge
from stepweave.runtime.polling import (
    Poll,
    Thing,
    content_key,
    in_order,
    key_of,
    only_new,
    watched_of,
)
from stepweave.spec.triggers import MOST_KEPT, MOST_LISTED


class Platform:
    """Keeps the cursor as the platform does: through JSON, moved on with each answer."""

    def __init__(self, limit: int = 100, watched: str = "orders") -> None:
        self.limit, self.watched = limit, watched
        self.cursor: Any = None
        self.more = False

    def poll(self, *ids: Any, first: bool = False, from_start: bool = False) -> list[Any]:
        poll = Poll.of({"cursor": self.cursor, "first": first, "limit": self.limit})
        things = [Thing(key_of(id), {"id": id}) for id in ids]
        answer = json.loads(json.dumps(only_new(poll, things, self.watched, from_start=from_start).answer()))
        self.cursor, self.more = answer["cursor"], answer["more"]
        return [item["id"] for item in answer["items"]]


def published(*ids: Any, limit: int = 100) -> Platform:
    platform = Platform(limit)
    assert platform.poll(*ids, first=True) == []
    return platform


def test_what_is_there_at_first_is_not_new() -> None:
    platform = published(1, 2)
    assert platform.poll(1, 2) == []
    assert platform.poll(1, 2, 3) == [3]
    assert platform.poll(1, 2, 3) == []


def test_what_is_there_at_first_may_be_wanted() -> None:
    platform = Platform(limit=2)
    assert platform.poll(1, 2, 3, first=True, from_start=True) == [1, 2]
    assert platform.more
    assert platform.poll(1, 2, 3, from_start=True) == [3]
    assert platform.poll(1, 2, 3, from_start=True) == []


def test_a_list_that_was_empty_at_first_gives_its_first_thing() -> None:
    platform = published()
    assert platform.poll(1) == [1]


def test_the_order_of_the_list_does_not_matter() -> None:
    platform = published(1, 2, 3)
    assert platform.poll(3, 1, 4, 2) == [4]
    assert platform.poll(4, 3, 2, 1) == []


def test_a_list_that_is_empty_once_brings_nothing_twice() -> None:
    platform = published(1, 2)
    assert platform.poll() == []
    assert platform.poll(1, 2) == []
    assert platform.poll(2, 3) == [3]
    assert platform.poll(1, 2, 3) == []


def test_a_thing_that_comes_twice_in_one_list_is_one() -> None:
    assert published().poll(7, 7, 8) == [7, 8]


def test_more_than_the_limit_comes_with_the_next_polls_oldest_first() -> None:
    platform = published(0, limit=2)
    assert platform.poll(0, 1, 2, 3, 4, 5) == [1, 2]
    assert platform.more
    assert platform.poll(0, 1, 2, 3, 4, 5) == [3, 4]
    assert platform.poll(0, 1, 2, 3, 4, 5, 6) == [5, 6]
    assert not platform.more


def test_ids_are_compared_as_text() -> None:
    platform = published(7, 2.0, "x")
    assert platform.poll("7", 7.0, "2", 2, "x") == []
    assert platform.poll(9007199254740993, "9007199254740993", True, "true", 1) == [9007199254740993, True, 1]


@pytest.mark.parametrize("id", ["\ud800", "\x00", "ä" * 100_000, "', --", 1e308, -0.0, ["a"], {"$oid": "5f"}])
def test_any_id_is_new_once(id: Any) -> None:
    platform = published()
    assert len(platform.poll(id)) == 1
    assert platform.poll(id) == []


def test_an_object_as_id_is_the_same_whatever_the_order_of_its_fields() -> None:
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1}) != key_of({"a": 1, "b": 3})


def test_no_value_is_no_id() -> None:
    assert key_of(None) == key_of("") == ""
    assert "" not in (key_of(0), key_of(False), key_of({}), key_of([]))


def test_an_id_is_never_taken_for_a_content() -> None:
    assert key_of("[1]") != content_key([1])


def test_a_list_that_cannot_be_remembered_is_refused() -> None:
    platform = published(*range(MOST_LISTED))
    with pytest.raises(ResponseTooLarge, match=str(MOST_LISTED + 1)):
        platform.poll(*range(MOST_LISTED + 1))
    assert platform.poll(*range(1, MOST_LISTED + 1)) == [MOST_LISTED]


def test_the_cursor_is_bounded_and_forgets_only_what_is_gone_for_longest() -> None:
    platform = published()
    platform.limit = MOST_LISTED
    for start in range(0, MOST_KEPT + MOST_LISTED, MOST_LISTED):
        platform.poll(*range(start, start + MOST_LISTED))
    assert len(platform.cursor["seen"]) == MOST_KEPT
    assert len(json.dumps(platform.cursor)) < 100_000
    last = MOST_KEPT + MOST_LISTED - 1
    assert platform.poll(last - MOST_LISTED, last) == []
    assert platform.poll(0) == [0], "it was gone for longer than is remembered"


def test_a_thing_that_stays_listed_is_never_forgotten() -> None:
    platform = published("stays")
    for number in range(0, 3 * MOST_KEPT, MOST_LISTED - 1):
        new = platform.poll("stays", *range(number, number + MOST_LISTED - 1))
        assert "stays" not in new
        while platform.more:
            platform.poll("stays", *range(number, number + MOST_LISTED - 1))


def test_another_list_begins_anew() -> None:
    platform = published(1, 2)
    platform.watched = "customers"
    assert platform.poll(8, 9) == []
    assert platform.poll(8, 9, 10) == [10]


def test_publishing_again_goes_on_from_where_it_was() -> None:
    platform = published(1)
    assert platform.poll(1, 2, first=True) == [2]


@pytest.mark.parametrize("cursor", [17, "seen", [], {"watched": "orders"}, {"seen": ["x"]}, None])
def test_a_cursor_that_is_none_of_ours_begins_anew(cursor: Any) -> None:
    platform = Platform()
    platform.cursor = cursor
    platform.poll(1, first=True)
    assert platform.poll(1) == []


def test_a_sample_is_the_newest_things() -> None:
    news = only_new(Poll(None, False, 3), [Thing(str(n), {"n": n}) for n in range(5)], "orders")
    assert [thing.json["n"] for thing in news.things] == [2, 3, 4]
    assert not news.more


def test_what_a_trigger_keeps_besides_stands_in_the_cursor() -> None:
    news = only_new(Poll(None, True, 3), [], "orders")
    assert news.answer(etag='"a"')["cursor"] == {"etag": '"a"', "watched": "orders", "seen": []}


def test_a_list_is_named_by_all_that_says_which_it_is() -> None:
    assert watched_of("u", [("a", "b")], "id") == watched_of("u", [("a", "b")], "id")
    assert len({watched_of("u", [], "id"), watched_of("u", [("a", "b")], "id"), watched_of("u", [], "key")}) == 3


def test_entries_are_taken_oldest_first() -> None:
    assert in_order([3, 2, 1], newest_first=True) == in_order(iter([1, 2, 3]), newest_first=False) == [1, 2, 3]


@pytest.mark.parametrize("seed", range(20))
def test_each_thing_is_new_once_in_lists_that_are_shuffled_cut_and_empty(seed: int) -> None:
    chance = random.Random(seed)
    platform = published(*range(5), limit=chance.choice([1, 3, 100]))
    there, given = list(range(5)), []
    for number in range(5, 200):
        if chance.random() < 0.6:
            there.append(number)
        shown = [] if chance.random() < 0.1 else chance.sample(there, len(there))
        given += platform.poll(*shown)
        if shown and chance.random() < 0.3 and not platform.more:
            there = there[len(there) // 2 :]
    while late := platform.poll(*there):
        given += late
    assert len(given) == len(set(given))
    assert not set(given) & set(range(5))
