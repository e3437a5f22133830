"""Sessions: how long one lasts, what their list says, ending them, and that no other site ends or uses them."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.services import accounts
from api.services.passwords import hashing
from tests.api.conftest import PASSWORD, World
from tests.api.test_passwords import address
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)


def logged_in(world: World, email: str, agent: str = FIREFOX) -> TestClient:
    client = world.anonymous()
    answer = client.post("/api/auth/login", json={"email": email, "password": PASSWORD}, headers={"user-agent": agent})
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
    return client


def listed(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/sessions").json()["items"]
    return found


def test_the_list_says_where_sessions_are_used_and_which_one_asks(world: World) -> None:
    client = world.person()
    phone = logged_in(world, address(client), PHONE)
    mine, first = listed(phone)
    assert (mine["browser"], mine["system"], mine["device"], mine["current"]) == (
        "Mobile Safari 17",
        "iOS",
        "iPhone",
        True,
    )
    assert first["current"] is False
    assert first["browser"] == "testclient"
    assert phone.post("/api/auth/refresh", headers={"user-agent": "<script>" + "x" * 5000}).status_code == 200
    assert len(listed(client)) == 2
    assert listed(world.person())[0]["id"] not in {mine["id"], first["id"]}


def test_one_session_is_ended_or_all_others(world: World) -> None:
    client = world.person()
    email = address(client)
    clients = [logged_in(world, email) for _ in range(3)]
    ended = next(one["id"] for one in listed(clients[0]) if one["current"])
    assert client.delete(f"/api/sessions/{ended}").status_code == 204
    assert is_problem(client.delete(f"/api/sessions/{ended}"), 404, "not_found")
    assert is_problem(clients[0].post("/api/auth/refresh"), 401, "session_expired")
    assert clients[1].post("/api/sessions/end", params={"others": True}).status_code == 204
    assert [one["current"] for one in listed(clients[1])] == [True]
    assert clients[2].post("/api/auth/refresh").status_code == 401
    assert clients[1].post("/api/auth/refresh").status_code == 200


def test_nobody_ends_anothers_session(world: World) -> None:
    client, other = world.person(), world.person()
    theirs = listed(other)[0]["id"]
    assert is_problem(client.delete(f"/api/sessions/{theirs}"), 404, "not_found")
    assert is_problem(client.delete(f"/api/sessions/{uuid.uuid4()}"), 404, "not_found")
    assert other.post("/api/auth/refresh").status_code == 200


def test_a_session_ends_at_its_age_however_often_it_is_renewed(world: World, databases: Databases) -> None:
    client = world.person()
    session = listed(client)[0]["id"]
    with psycopg.connect(databases.owner) as connection:
        soon = datetime.now(UTC) + timedelta(seconds=90)
        connection.execute("UPDATE sessions SET expires_at = %s WHERE id = %s", (soon, session))
    renewed = client.post("/api/auth/refresh")
    age = int(
        next(part for part in renewed.headers["set-cookie"].split("; ") if part.startswith("Max-Age")).split("=")[1]
    )
    assert 0 < age <= 90
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE sessions SET expires_at = now() WHERE id = %s", (session,))
        connection.execute(
            "UPDATE refresh_tokens SET expires_at = now() + interval '1 day' WHERE family_id = %s", (session,)
        )
    refused = client.post("/api/auth/refresh")
    assert is_problem(refused, 401, "session_expired")
    assert "as old as" in refused.json()["detail"]
    assert listed(client) == []


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, False),
        ({"sec-fetch-site": "same-site", "origin": "http://stepweave.test"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://stepweave.test.evil.example"}, False),
        ({"origin": "https://stepweave.test"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "http://stepweave.test"}, True),
        ({"origin": "http://stepweave.test"}, True),
        ({}, True),
    ],
)
def test_a_page_elsewhere_neither_logs_out_nor_in(world: World, headers: dict[str, str], allowed: bool) -> None:
    client = world.person()
    before = client.cookies["stepweave_refresh"]
    login = client.post("/api/auth/login", json={"email": "nobody@example.com", "password": "x"}, headers=headers)
    out = client.post("/api/auth/logout", headers=headers)
    if allowed:
        assert (login.status_code, out.status_code) == (401, 204)
        assert "stepweave_refresh" not in client.cookies
    else:
        assert is_problem(login, 403, "other_site")
        assert is_problem(out, 403, "other_site")
        assert "set-cookie" not in out.headers
        assert client.cookies["stepweave_refresh"] == before
        assert client.post("/api/auth/refresh").status_code == 200


def test_a_hash_of_a_lower_cost_is_made_anew_at_a_login(
    world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = address(world.person())

    def cost() -> str:
        with psycopg.connect(databases.owner) as connection:
            row = connection.execute("SELECT password_hash FROM users WHERE email = %s", (email,)).fetchone()
        assert row
        return str(row[0]).split("$")[2]

    assert cost() == "04"
    monkeypatch.setattr(hashing, "COST", 5)
    assert is_problem(
        world.anonymous().post("/api/auth/login", json={"email": email, "password": "x"}), 401, "wrong_login"
    )
    assert cost() == "04"
    client = logged_in(world, email)
    assert cost() == "05"
    assert client.post("/api/auth/refresh").status_code == 200
    assert accounts.log_in(email, PASSWORD).role == "owner"


@dataclass(frozen=True)
class Cookies:
    """What a browser has of a session."""

    refresh: str
    device: str


def renewed(world: World, had: Cookies, refresh: str = "", agent: str = FIREFOX, address: str = "203.0.113.9") -> Any:
    client = world.anonymous()
    client.cookies.set("stepweave_refresh", refresh or had.refresh)
    if had.device:
        client.cookies.set("stepweave_device", had.device)
    headers = {"user-agent": agent, "x-forwarded-for": f"{address}, 198.51.100.1"}
    return client.post("/api/auth/refresh", headers=headers)


@pytest.fixture
def cookies(world: World) -> Cookies:
    """Those of a browser at an address."""
    client = logged_in(world, address(world.person()))
    device = client.cookies["stepweave_device"]
    first = renewed(world, Cookies(client.cookies["stepweave_refresh"], device))
    assert first.status_code == 200, first.text
    return Cookies(first.cookies["stepweave_refresh"], device)


def test_a_page_that_is_loaded_anew_and_anew_stays_logged_in(world: World, cookies: Cookies) -> None:
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: renewed(world, cookies), range(6)))
    assert [one.status_code for one in answers] == [200] * 6
    [following] = {one.cookies["stepweave_refresh"] for one in answers}
    last = renewed(world, cookies, following)
    assert last.status_code == 200
    # The first page's answer was lost on the way: its cookie still leads to the latest.
    assert renewed(world, cookies).cookies["stepweave_refresh"] == last.cookies["stepweave_refresh"]
    token = last.json()["accessToken"]
    assert world.anonymous().get("/api/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.parametrize(
    "how", [{"agent": PHONE}, {"address": "203.0.113.10"}, {"later": True}, {"ended": True}, {"agent": ""}]
)
def test_a_used_token_from_elsewhere_or_later_ends_the_session(
    world: World, cookies: Cookies, how: dict[str, Any], databases: Databases
) -> None:
    following = renewed(world, cookies).cookies["stepweave_refresh"]
    later, ended = how.pop("later", False), how.pop("ended", False)
    if later:
        with psycopg.connect(databases.owner) as connection:
            connection.execute("UPDATE refresh_tokens SET used_at = used_at - interval '11 s'")
    if ended:
        out = world.anonymous()
        out.cookies.set("stepweave_refresh", following)
        assert out.post("/api/auth/logout").status_code == 204
    assert is_problem(renewed(world, cookies, **how), 401, "session_expired" if ended else "session_reused")
    assert is_problem(renewed(world, cookies, following), 401, "session_expired")


@pytest.mark.parametrize("whose", ["none", "forged", "another's"])
def test_who_has_nothing_but_a_used_token_gets_nothing_and_ends_the_session(
    world: World, cookies: Cookies, whose: str
) -> None:
    """As of a proxy's log: the same address and the browser's words are there to be copied, the device's cookie not."""
    following = renewed(world, cookies).cookies["stepweave_refresh"]
    thief = logged_in(world, address(world.person())).cookies["stepweave_device"]
    device = {"none": "", "forged": cookies.device[:-4] + "AAAA", "another's": thief}[whose]
    assert is_problem(renewed(world, replace(cookies, device=device)), 401, "session_reused")
    assert is_problem(renewed(world, cookies, following), 401, "session_expired")


def test_a_thief_who_renews_first_is_found_out_by_the_owner(
    world: World, cookies: Cookies, databases: Databases
) -> None:
    """With all of a browser's cookies at its address: the owner's renewal, minutes later, ends both."""
    stolen = renewed(world, cookies)
    assert stolen.status_code == 200
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE refresh_tokens SET used_at = used_at - interval '11 s'")
    assert is_problem(renewed(world, cookies), 401, "session_reused")
    assert is_problem(renewed(world, cookies, stolen.cookies["stepweave_refresh"]), 401, "session_expired")
    headers = {"Authorization": f"Bearer {stolen.json()['accessToken']}"}
    assert is_problem(world.anonymous().get("/api/me", headers=headers), 401, "session_expired")
