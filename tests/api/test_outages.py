"""What the API says while something it needs does not answer: which, and that trying again may help."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from api import deps, rates
from api.services import listing
from stepweave.aws import AwsError
from stepweave_data import kept
from stepweave_data.database import tenant_session
from stepweave_data.rates import Rate
from tests.api.conftest import PASSWORD, World
from tests.api.test_routes import is_problem, made, workflow


def test_without_redis_nobody_guesses_and_sessions_go_on_at_the_same_rates(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.person()
    me = client.get("/api/me").json()["user"]["email"]
    away = redis.Redis.from_url("redis://127.0.0.1:1")
    world.app.dependency_overrides[deps.redis_client] = lambda: away
    for body, path in (({"email": me, "password": PASSWORD}, "login"), ({"email": me, "password": "x"}, "login")):
        refused = client.post(f"/api/auth/{path}", json=body)
        assert is_problem(refused, 503, "redis_unavailable")
        assert refused.headers["retry-after"]
    assert client.post("/api/auth/refresh").status_code == 200
    few = {**rates.rates(), "read": Rate("read", 3, 60)}
    monkeypatch.setattr(rates, "rates", lambda: few)
    assert [client.get("/api/me").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = client.post("/api/live/ticket")
    assert is_problem(refused, 503, "redis_unavailable")
    assert refused.headers["retry-after"]


def test_without_postgres_the_answer_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()

    def broken(*_: object) -> None:
        raise OperationalError("SELECT", {"password": "hush"}, ConnectionError("no route to 10.0.0.3"))

    monkeypatch.setattr(listing, "list_workflows", broken)
    refused = client.get("/api/workflows")
    assert is_problem(refused, 503, "database_unavailable")
    assert "10.0.0.3" not in refused.text


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (AwsError("ThrottlingException", "slow down", retryable=True, status=400), 503, "aws_unavailable"),
        (AwsError("InvalidDefinition", "no such state", status=400), 502, "aws_refused"),
    ],
)
def test_what_aws_says_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, error: AwsError, status: int, code: str
) -> None:
    client = world.person()
    id = made(client)["id"]

    def refusing(*_: object) -> None:
        raise error

    monkeypatch.setattr(world.machines, "publish", refusing)
    assert is_problem(client.post(f"/api/workflows/{id}/publish"), status, code)


def test_errors_of_the_database_do_not_carry_parameters_into_logs(world: World) -> None:
    tenant = world.person().get("/api/me").json()["tenant"]["id"]
    with pytest.raises(ProgrammingError) as caught, tenant_session(tenant) as session:
        session.execute(text("SELECT :secret FROM nothing"), {"secret": "hush-hush"})
    assert "hush-hush" not in str(caught.value)


@pytest.fixture
def filled(world: World) -> Iterator[Callable[[], None]]:
    """What fills the memory of Redis, until the test is over."""

    def fill() -> None:
        world.redis.config_set("maxmemory", world.redis.info("memory")["used_memory"] - 50_000)

    yield fill
    world.redis.config_set("maxmemory", "512mb")


def test_a_full_redis_lets_nobody_guess_and_forgets_nothing(world: World, filled: Callable[[], None]) -> None:
    client = world.person()
    me = client.get("/api/me").json()["user"]["email"]
    keyed = {"idempotency-key": "once"}
    first = client.post("/api/workflows", json=workflow(), headers=keyed)
    world.redis.set("rate:login:someone", 9, ex=900)
    lasting = {str(key) for key in world.redis.keys("*") if not 0 <= int(world.redis.ttl(key)) < 600}  # no race
    filled()
    refused = client.post("/api/auth/login", json={"email": me, "password": PASSWORD})
    assert is_problem(refused, 503, "redis_unavailable")
    assert "no room" in refused.json()["detail"]
    assert refused.headers["retry-after"]
    for answer in (
        client.post("/api/live/ticket"),
        client.post("/api/workflows", json=workflow(), headers={"idempotency-key": "2"}),
    ):
        assert is_problem(answer, 503, "redis_unavailable")
    assert client.post("/api/workflows", json=workflow(), headers=keyed).json() == first.json(), (
        "what was done is known"
    )
    assert client.post("/api/workflows", json=workflow()).status_code == 201
    assert len(client.get("/api/workflows").json()["items"]) == 2
    assert lasting <= {str(key) for key in world.redis.keys("*")}
    assert "rate:login:someone" in lasting
    client.post("/api/auth/logout")
    assert is_problem(client.get("/api/me"), 401, "session_expired")


def test_a_tenant_that_floods_keeps_to_its_share(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_OF_ONE", 12_000)
    quiet, loud = world.person(), world.person()

    def ask(client: TestClient, key: str) -> Any:
        return client.post("/api/workflows", json=workflow(), headers={"idempotency-key": key})

    theirs = ask(quiet, "k").json()
    world.redis.set("rate:login:someone", 9, ex=900)
    ids = [ask(loud, f"k{index}").json()["id"] for index in range(15)]
    tenant = loud.get("/api/me").json()["tenant"]["id"]
    assert 4_000 < kept.held(world.redis, tenant) <= 12_000
    assert ask(quiet, "k").json() == theirs
    assert world.redis.get("rate:login:someone") == "9"
    assert ask(loud, "k14").json()["id"] == ids[14], "its latest are known"
    assert ask(loud, "k0").json()["id"] != ids[0], "its oldest is forgotten"
