"""Turns of keys, booked by the store's function in a real Redis: never more than the limit in any period, each once."""

import hashlib
import threading
import uuid
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
import redis

from functions.system.store import turns
from functions.system.store.serving import serve
from local.stack.ports import free_port
from stepweave_data.link import Link
from stepweave_data.store.errors import StoreFull

SPAN = 60_000
START = 1_900_000_000_000


@pytest.fixture(autouse=True)
def _redis(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("STEPWEAVE_REDIS_URL", redis_url)
    turns.client.cache_clear()
    yield
    turns.client.cache_clear()


def key(of: object = "") -> str:
    return hashlib.sha256(f"{of}{uuid.uuid4()}".encode()).hexdigest()


def asking(keys: list[Any], mode: str = "delay", limit: Any = 3, **more: Any) -> dict[str, Any]:
    asked = {"mode": mode, "limit": limit, "period": SPAN, "within": 366 * 86_400_000, "keys": keys}
    return {**asked, "once": str(uuid.uuid4()), **more}


class Booker:
    """One who books for a tenant of its own, at times of its own."""

    def __init__(self) -> None:
        self.tenant = str(uuid.uuid4())

    def at(self, now: int, asked: dict[str, Any]) -> dict[str, Any]:
        return turns.book(self.tenant, asked, START + now)

    def until(self, now: int, one: str, count: int = 1, **more: Any) -> int:
        given = self.at(now, asking([[one, count]], **more))
        return int(given["until"]) - START


def test_as_many_as_the_limit_go_at_once_and_the_next_a_period_later() -> None:
    booker, one = Booker(), key()
    assert [booker.until(at, one) for at in (0, 10, 20)] == [0, 10, 20]
    assert [booker.until(at, one) for at in (30, 40, 50, 60)] == [SPAN, SPAN + 10, SPAN + 20, 2 * SPAN]
    assert booker.until(3 * SPAN, one) == 3 * SPAN  # two of its last three turns are over


def test_five_calls_of_which_two_may_go_in_two_minutes_go_in_three_pairs() -> None:
    booker, one = Booker(), key()  # windmill #1924
    assert [booker.until(at, one, limit=2, period=120_000) for at in (0, 1_000, 2_000, 3_000, 4_000)] == [
        0, 1_000, 120_000, 121_000, 240_000,
    ]  # fmt: skip


def test_a_batch_goes_when_its_last_turn_comes_and_takes_several_periods() -> None:
    booker, one = Booker(), key()
    assert booker.until(0, one, 10) == 3 * SPAN
    assert booker.until(0, one, 2) == 3 * SPAN
    assert booker.until(0, one, 1) == 4 * SPAN


def test_many_items_at_once_are_as_one_after_another() -> None:
    random = Random(7)
    for limit in (1, 2, 3, 7, 50):
        together, alone, one = Booker(), Booker(), key()
        now = 0
        for _ in range(30):
            now += random.choice([0, 1, 500, 20_000, SPAN, 3 * SPAN])
            count = random.choice([1, 2, 5, 23, 120])
            last = [alone.until(now, one, limit=limit) for _ in range(count)][-1]
            assert together.until(now, one, count, limit=limit) == last


def test_many_millions_cost_no_more_than_few() -> None:
    booker, one = Booker(), key()
    given = booker.at(0, asking([[one, 10_000_000]], limit=1_000))
    assert given["until"] - START == 9_999 * SPAN
    late = booker.at(0, asking([[one, 1_000_000_000]], limit=1, within=5_000))
    assert late["given"] is False
    assert late["wait"] > 365 * 86_400
    assert booker.until(0, one, limit=1_000) == 10_000 * SPAN


def test_a_turn_that_comes_too_late_is_not_taken_and_neither_are_those_of_the_other_keys() -> None:
    booker, full, other = Booker(), key(), key()
    booker.until(0, full, 3)
    late = booker.at(1_000, asking([[other, 2], [full, 1]], within=SPAN - 1_001))
    assert late == {"given": False, "wait": (SPAN - 1_000) / 1_000}
    assert booker.until(1_000, other, 3) == 1_000
    assert booker.until(1_000, full, 1, within=SPAN - 1_000) == SPAN


def test_who_rejects_is_told_how_many_of_each_key_go_and_the_others_take_no_turn() -> None:
    booker, one, two = Booker(), key(), key()
    first = booker.at(0, asking([[one, 2], [two, 5]], "reject"))
    assert (first["admitted"], first["until"]) == ([2, 3], START)
    assert booker.at(1, asking([[one, 2], [two, 1]], "reject"))["admitted"] == [1, 0]
    assert booker.at(SPAN, asking([[one, 9], [two, 9]], "reject"))["admitted"] == [2, 3]
    assert booker.at(SPAN + 1, asking([[one, 9]], "reject"))["admitted"] == [1]


def test_a_booking_is_done_once_whatever_it_asks_for_and_whenever() -> None:
    booker, one = Booker(), key()
    for mode in ("delay", "reject"):
        asked = asking([[one, 2]], mode, limit=4)
        first = booker.at(0, asked)
        assert [booker.at(later, asked) for later in (0, 1, SPAN)] == [first] * 3
    assert booker.at(0, asking([[one, 9]], "reject", limit=4))["admitted"] == [0]


@pytest.mark.parametrize("name", ["", "\x00", "\ud800", "x" * 100_000, "__proto__"])
def test_a_booking_may_have_any_name(name: str) -> None:
    booker, one = Booker(), key()
    assert booker.at(0, asking([[one, 3]], once=name)) == booker.at(9, asking([[one, 3]], once=name))


def test_a_lower_limit_counts_from_what_was_kept() -> None:
    booker, one = Booker(), key()
    booker.until(0, one, 5, limit=5)
    assert booker.until(10, one, limit=2) == SPAN
    assert booker.at(20, asking([[one, 9]], "reject", limit=9))["admitted"] == [7]  # two are kept: at 0 and at SPAN


def test_what_is_kept_goes_away_by_itself() -> None:
    tenant, one = str(uuid.uuid4()), key()
    turns.book(tenant, asking([[one, 3 * 3]]))
    client = turns.client()
    kept = client.pttl(f"turns:{tenant}:{one}")
    assert 2 * SPAN < kept <= 3 * SPAN
    [booking] = client.scan_iter(f"booking:{tenant}:*")
    assert 3 * SPAN + turns.AGAIN_MS - SPAN < client.pttl(booking) <= 3 * SPAN + turns.AGAIN_MS


def test_many_moments_are_put_together_and_the_limit_still_holds() -> None:
    booker, one, limit = Booker(), key(), 1_000
    taken = [booker.until(at * 40, one, limit=limit) for at in range(1_400)]
    assert within_limit(taken, limit)
    assert taken[:limit] == [at * 40 for at in range(limit)]  # no turn that is free waits
    later = [late - early - SPAN for early, late in zip(taken, taken[limit:], strict=False)]
    assert max(later) <= SPAN / 256 + 1
    text = str(turns.client().get(f"turns:{booker.tenant}:{one}"))
    assert text.count(":") <= turns.MOST_RUNS + 3


def within_limit(moments: list[int], limit: int) -> bool:
    """Whether no period has more than `limit` of some moments."""
    ordered = sorted(moments)
    return all(late - early >= SPAN for early, late in zip(ordered, ordered[limit:], strict=False))


def test_fifty_who_book_at_once_never_get_more_than_the_limit_in_any_period() -> None:
    tenant, one, limit, period = str(uuid.uuid4()), key(), 7, 20
    taken: list[int] = []
    start = threading.Barrier(50)

    def books() -> None:
        start.wait()
        for _ in range(8):  # on Redis's clock, which goes on meanwhile
            given = turns.book(tenant, asking([[one, 1]], limit=limit, period=period))
            taken.append(given["until"])

    at_once(books, 50)
    assert len(taken) == 400
    ordered = sorted(taken)
    assert all(late - early >= period for early, late in zip(ordered, ordered[limit:], strict=False))


def at_once(work: Callable[[], None], many: int) -> None:
    """Do something in so many threads."""
    workers = [threading.Thread(target=work) for _ in range(many)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def test_fifty_who_book_at_one_moment_have_all_turns_there_are_and_each_once() -> None:
    booker, one, limit = Booker(), key(), 5
    taken: list[int] = []
    start = threading.Barrier(50)

    def books() -> None:
        start.wait()
        for _ in range(4):
            asked = asking([[one, 1]], limit=limit)
            for _ in range(2):  # it is asked for again, as after an answer that was lost
                until = booker.at(0, asked)["until"] - START
            taken.append(until)

    at_once(books, 50)
    assert sorted(taken) == [place // limit * SPAN for place in range(200)]


def test_keys_and_tenants_do_not_count_each_other() -> None:
    one, two, here, there = key(), key(), Booker(), Booker()
    assert here.until(0, one, 3) == here.until(0, two, 3) == there.until(0, one, 3) == 0


def test_ten_thousand_keys_are_booked_at_once() -> None:
    booker, many = Booker(), [[key(n), 2] for n in range(turns.MOST_KEYS)]
    assert booker.at(0, asking(many))["until"] == START
    assert booker.at(0, asking(many, "reject"))["admitted"] == [1] * turns.MOST_KEYS


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "maybe"},
        {"limit": 0},
        {"limit": 10_001},
        {"period": 0},
        {"period": turns.MOST_PERIOD + 1},
        {"within": -1},
        {"within": turns.MOST_WITHIN + 1},
        {"keys": []},
        {"keys": [["0" * 64, 0]]},
        {"keys": [["0" * 64, 1], ["0" * 64, 1]]},
        {"keys": [["__proto__", 1]]},
        {"keys": [["0" * 63 + "\n", 1]]},
        {"keys": [[f"{n:064x}", 1] for n in range(turns.MOST_KEYS + 1)]},
        {"limit": "many"},
        {"keys": None},
    ],
)
def test_what_is_no_booking_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        Booker().at(0, {**asking([[key(), 1]]), **wrong})


def test_the_store_serves_it_without_postgres_on_redis_own_clock() -> None:
    tenant, one = str(uuid.uuid4()), key()
    request = {"tenantId": tenant, "operations": [{"do": "turns", **asking([[one, 4]])}], "stop": True}
    [result] = serve(request, Link("postgresql://nobody@127.0.0.1:1/none"))["results"]
    value = result["value"]
    assert value["until"] == value["now"] + SPAN
    assert value["admitted"] == [4]


def test_redis_that_is_away_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    turns.client.cache_clear()
    with pytest.raises(redis.RedisError):
        Booker().at(0, asking([[key(), 1]]))


def test_the_turns_of_a_workspace_are_bounded_and_go_with_their_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MOST_HELD", 20_480)
    booker, other, first = Booker(), Booker(), key()
    booker.at(0, asking([[first, 1]]))
    with pytest.raises(StoreFull, match=r"keep turns of 20 KB already"):
        booker.at(0, asking([[key(), 1] for _ in range(100)]))
    assert booker.until(10, first) == 10, "who has a place keeps it"
    for _ in range(10):
        booker.at(20, asking([[key(), 1]]))
    full = {"do": "turns", **asking([[key(), 1] for _ in range(30)])}
    told = serve({"tenantId": booker.tenant, "operations": [full]}, Link("postgresql://nobody@127.0.0.1:1/none"))
    assert told["results"][0]["error"]["code"] == "StoreFull"
    assert other.until(20, key()) == 20
    later = SPAN + turns.AGAIN_MS + 1_000
    assert booker.at(later, asking([[key(), 1] for _ in range(10)]))["given"]


def test_what_is_booked_again_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MOST_HELD", 5_000)
    booker, one = Booker(), key()
    asked = asking([[one, 1]], period=1)
    for _ in range(20):
        assert booker.at(0, asked)["given"]
