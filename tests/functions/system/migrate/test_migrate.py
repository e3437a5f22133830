"""The migration's handler takes the owner's log-in, and the application role's password, from their secrets."""

import json

import pytest

from functions.system.migrate import handler as migrate
from stepweave_data import secrets
from tests.fakes.lambda_context import CONTEXT

SECRETS = {
    "arn:owner": {"username": "owner", "password": "p/w", "host": "cluster", "port": 5432, "dbname": "stepweave"},
    "arn:app": {"username": "stepweave_app", "password": "app-password", "dbname": "stepweave", "port": 5432},
}


def test_it_migrates_as_the_owner_by_way_of_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, str]] = []
    read = {arn: json.dumps(value) for arn, value in SECRETS.items()}.__getitem__
    monkeypatch.setattr(secrets, "secret", read)
    monkeypatch.setattr(migrate, "secret", read)
    monkeypatch.setattr(migrate, "upgrade", lambda url, password: calls.append((url, password)))
    monkeypatch.setenv("STEPWEAVE_DATABASE_SECRET_ARN", "arn:app")
    monkeypatch.setenv("STEPWEAVE_DATABASE_OWNER_SECRET_ARN", "arn:owner")
    monkeypatch.setenv("STEPWEAVE_DATABASE_HOST", "proxy")
    assert migrate.handler({}, CONTEXT) == {"status": "migrated"}
    assert calls == [("postgresql://owner:p%2Fw@proxy:5432/stepweave?sslmode=require", "app-password")]
