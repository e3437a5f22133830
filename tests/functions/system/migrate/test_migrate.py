"""The migration's handler takes the owner's log-in, and the application role's password, from their secrets."""

import json

import pytest

from functions.system.migrate import handler as migrate
from tests.fakes.lambda_context import CONTEXT
from tests.fixtures.moto_server import Boto

OWNER = {"username": "owner", "password": "p/w", "host": "cluster", "port": 5432, "dbname": "stepweave"}
APP = {"username": "stepweave_app", "password": "app-password", "dbname": "stepweave", "port": 5432}


def test_it_migrates_as_the_owner_by_way_of_the_proxy(on_moto: Boto, monkeypatch: pytest.MonkeyPatch) -> None:
    store, calls = on_moto("secretsmanager"), list[tuple[str, str]]()
    for name, variable, value in (("app", "STEPWEAVE_DATABASE", APP), ("owner", "STEPWEAVE_DATABASE_OWNER", OWNER)):
        arn = store.create_secret(Name=f"migrate/{name}", SecretString=json.dumps(value))["ARN"]
        monkeypatch.setenv(f"{variable}_SECRET_ARN", arn)
    monkeypatch.setattr(migrate, "upgrade", lambda url, password: calls.append((url, password)))
    monkeypatch.setenv("STEPWEAVE_DATABASE_HOST", "proxy")
    assert migrate.handler({}, CONTEXT) == {"status": "migrated"}
    assert calls == [("postgresql://owner:p%2Fw@proxy:5432/stepweave?sslmode=require", "app-password")]
