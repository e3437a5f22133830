"""What the API says while something it needs does not answer: which, and that trying again may help."""

import pytest
import redis
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from api import deps, rates
from api.services import listing
from stepweave.aws import AwsError
from stepweave_data.database import tenant_session
from stepweave_data.rates import Rate
from tests.api.conftest import PASSWORD, World
from tests.api.test_routes import is_problem, made


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
