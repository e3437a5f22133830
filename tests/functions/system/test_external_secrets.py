"""Secrets that lie in a store of the tenant's: AWS Secrets Manager (moto) and HashiCorp Vault (a server of its API)."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from functions.system.vault import external as fetching
from functions.system.vault import opening
from functions.system.vault.errors import (
    CredentialError,
    CredentialTypeMismatch,
    CredentialUnavailable,
    SecretMissing,
    SecretRefused,
)
from functions.system.vault.types import types
from stepweave_data.link import Link
from stepweave_data.vaulting import seal
from tests.fakes.web import Exchange, Web, web_server
from tests.fixtures.moto_server import REGION, Boto
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.test_vault import Keys

TOKEN = "hvs.the-token"


class Stage:
    """A tenant's credentials, opened as a node has them."""

    def __init__(self, databases: Databases, tenant: Tenant) -> None:
        self.databases, self.tenant, self.keys, self.link = databases, tenant, Keys(), Link(databases.app)

    def store(self, kind: str, data: dict[str, Any]) -> str:
        id = str(uuid.uuid4())
        sealed = seal(data, str(self.tenant.id), id, self.keys)
        with psycopg.connect(self.databases.owner) as connection:
            connection.execute(
                """INSERT INTO credentials (id, tenant_id, name, type, hint, wrapped_key, nonce, ciphertext)
                   VALUES (%s, %s, %s, %s, '', %s, %s, %s)""",
                (id, self.tenant.id, f"{kind} {id[:4]}", kind, sealed.wrapped_key, sealed.nonce, sealed.ciphertext),
            )
        return id

    def ask(self, id: str, type: str = "http_bearer", **more: Any) -> dict[str, Any]:
        request = {"tenantId": str(self.tenant.id), "credentialId": id, "type": type, **more}
        return opening.open_credential(request, types(), self.link, self.keys)

    def token(self, text: str, **more: Any) -> str:
        """Return the token of a bearer credential that says so."""
        id = self.store("http_bearer", {"token": text, "allowedHosts": "api.example.com"})
        found: str = self.ask(id, **more)["data"]["token"]
        return found


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    opening.external.cache_clear()
    made = Stage(databases, tenants[0])
    yield made
    made.link.close()
    opening.external.cache_clear()


@pytest.fixture
def server() -> Iterator[Web]:
    with web_server() as web:
        yield web


def kv(web: Web, path: str, data: Any, mount: str = "secret", status: int = 200) -> None:
    """Have the server answer as Vault does for a secret of a KV store of version 2."""
    body = {"data": {"data": data, "metadata": {"version": 3}}} if status == 200 else data

    def give(exchange: Exchange) -> None:
        if exchange.asked.headers.get("x-vault-token") != TOKEN:
            exchange.answer(403, b'{"errors":["permission denied"]}')
        else:
            exchange.answer(status, json.dumps(body).encode(), content_type="application/json")

    web.routes[f"/v1/{mount}/data/{path}"] = give


def hashicorp(stage: Stage, web: Web, **more: Any) -> str:
    return stage.store("hashicorp_vault", {"address": web.url("/"), "token": TOKEN, "mount": "secret", **more})


def test_a_field_takes_its_secret_from_hashicorp_vault(stage: Stage, server: Web) -> None:
    kv(
        server,
        "prod/shop",
        {"password": "hush\n", "port": 5432, "on": True, "deep": {"a": [1]}, "none": None, "b": "a\r\nHost: evil\n"},
    )
    store = hashicorp(stage, server, namespace="team/")
    at = f"secret://{store}/prod/shop"
    id = stage.store("http_bearer", {"token": f"{at}#password", "allowedHosts": "api.example.com"})
    opened = stage.ask(id)
    assert opened["data"]["token"] == "hush"
    assert opened["request"] == {"headers": [["Authorization", "Bearer hush"]], "query": []}
    assert opened["hosts"] == ["api.example.com"]
    assert server.asked[-1].headers["x-vault-namespace"] == "team/"
    texts = [stage.token(f"{at}#{key}") for key in ("port", "on", "deep")]
    assert texts == ["5432", "true", '{"a": [1]}']
    with pytest.raises(SecretMissing, match="“token” refers to has a line break") as caught:
        stage.token(f"{at}#b")
    assert "Host: evil" not in str(caught.value)
    with pytest.raises(SecretMissing, match="has no key “pass”"):
        stage.token(f"{at}#pass")
    with pytest.raises(SecretMissing, match="is empty, or is not there"):
        stage.token(f"{at}#none")
    with pytest.raises(SecretMissing, match="Say which key"):
        stage.token(at)
    # Fields that are no secrets refer to nothing.
    header = stage.store("http_header", {"name": f"{at}#password", "value": "v", "allowedHosts": "*"})
    assert stage.ask(header, "http_header")["data"]["name"] == f"{at}#password"


def test_a_secret_is_kept_a_short_while_and_fetched_anew_when_it_is_refused(
    stage: Stage, server: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(f"{fetching.__name__}.time.monotonic", lambda: now[0])
    kv(server, "a", {"k": "one"})
    id = stage.store("http_bearer", {"token": f"secret://{hashicorp(stage, server)}/a#k", "allowedHosts": "*"})
    first = stage.ask(id)
    assert stage.ask(id)["data"]["token"] == "one"
    assert len(server.asked) == 1
    kv(server, "a", {"k": "two"})
    now[0] += 10
    assert stage.ask(id)["data"]["token"] == "one"
    renewed = stage.ask(id, refused=first["token"])
    assert renewed["data"]["token"] == "two"
    assert "two" not in renewed["token"]
    assert stage.ask(id, refused=renewed["token"])["token"] == renewed["token"]  # just fetched: not once more
    assert len(server.asked) == 2
    # The store is away: what it said last is good for ten minutes.
    kv(server, "a", {"errors": ["sealed"]}, status=503)
    now[0] += 70
    assert stage.ask(id)["data"]["token"] == "two"
    now[0] += 600
    with pytest.raises(CredentialUnavailable, match="sealed"):
        stage.ask(id)
    # It says no: what was kept is forgotten at once.
    kv(server, "a", {"k": "three"})
    assert stage.ask(id)["data"]["token"] == "three"
    now[0] += 70
    kv(server, "a", {"errors": ["permission denied"]}, status=403)
    for _ in range(2):
        with pytest.raises(SecretRefused):
            stage.ask(id)


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (404, {"errors": []}, SecretMissing, "There is no secret"),
        (
            404,
            {"data": {"data": None, "metadata": {"deletion_time": "2026-01-01T00:00:00Z"}}},
            SecretMissing,
            "deleted",
        ),
        (200, {"data": {"k": "v1 of hush"}}, SecretMissing, "no KV store of version 2"),
        (200, ["hush"], SecretMissing, "is no HashiCorp Vault"),
        (301, {}, SecretMissing, "is no HashiCorp Vault"),
        (403, {"errors": ["1 error occurred: hush"]}, SecretRefused, "refused its token"),
        (400, {"errors": ["missing client token"]}, SecretRefused, "status 400"),
        (429, {"errors": ["hush"]}, CredentialUnavailable, "status 429"),
        (473, {}, CredentialUnavailable, "status 473"),
        (500, {"errors": ["hush"]}, CredentialUnavailable, "status 500"),
    ],
)
def test_what_a_store_says_no_with_is_told_and_not_quoted(
    stage: Stage, server: Web, status: int, body: Any, error: type[CredentialError], words: str
) -> None:
    server.routes["/v1/secret/data/a"] = lambda it: it.answer(status, json.dumps(body).encode())
    with pytest.raises(error, match=words) as caught:
        stage.token(f"secret://{hashicorp(stage, server)}/a#k")
    assert "hush" not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_a_reference_leads_to_the_tenants_own_stores_and_stays_below_their_mount(
    stage: Stage, server: Web, tenants: tuple[Tenant, Tenant]
) -> None:
    kv(server, "a", {"k": "hush"})
    theirs = hashicorp(Stage(stage.databases, tenants[1]), server)
    with pytest.raises(SecretMissing, match="is not there"):
        stage.token(f"secret://{theirs}/a#k")
    mine = hashicorp(stage, server)
    for path in ("../../sys/seal", "a/../../b", "%2e%2e/%2e%2e/sys/seal", "a//b", "", "a%00b", "a%0d%0aHost: b"):
        with pytest.raises(SecretMissing, match="refers to no secret"):
            stage.token(f"secret://{mine}/{path}#k")
    stage.token(f"secret://{mine}/a#k")
    with pytest.raises(SecretMissing):
        stage.token(f"secret://{mine}/a?version=1&x=%23#k")  # a part of the path, and no query
    assert server.asked[-1].path == "/v1/secret/data/a%3Fversion%3D1%26x%3D%23"
    # A store is no credential of nodes, whatever they ask for; nor does one store open another.
    for wanted in ({"type": "hashicorp_vault"}, {"types": ["*"]}, {"types": ["aws_secrets", "hashicorp_vault"]}):
        with pytest.raises(CredentialTypeMismatch, match="is a store of secrets"):
            stage.ask(mine, **wanted)
    chained = hashicorp(stage, server, token=f"secret://{mine}/a#k")
    with pytest.raises(SecretMissing, match="Fill them in there"):
        stage.token(f"secret://{chained}/a#k")
    plain = stage.store("http_bearer", {"token": "t", "allowedHosts": "*"})
    with pytest.raises(SecretMissing, match="is no store of secrets"):
        stage.token(f"secret://{plain}/a#k")


def test_a_store_that_is_not_reached_is_unavailable(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = stage.store("hashicorp_vault", {"address": "http://127.0.0.1:1", "token": TOKEN})
    with pytest.raises(CredentialUnavailable, match="does not answer"):
        stage.token(f"secret://{gone}/a#k")
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    with pytest.raises(CredentialUnavailable, match="https://"):
        stage.token(f"secret://{gone}/a#k")
    metadata = stage.store("hashicorp_vault", {"address": "https://169.254.169.254", "token": TOKEN})
    with pytest.raises(CredentialUnavailable, match=r"169\.254"):
        stage.token(f"secret://{metadata}/a#k")


def test_a_field_takes_its_secret_from_aws_by_name_and_by_arn_as_the_tenants_role(
    stage: Stage, boto: Boto, moto_endpoint: str
) -> None:
    mark = uuid.uuid4().hex[:8]
    manager: Any = boto("secretsmanager")
    made = manager.create_secret(Name=f"prod/{mark}", SecretString=json.dumps({"password": "hush", "n": 7}))
    manager.create_secret(Name=f"plain-{mark}", SecretString="just text\n")
    manager.create_secret(Name=f"bytes-{mark}", SecretBinary=b"\x00\x01")
    account = {"accessKeyId": "AKIATEST", "secretAccessKey": "s", "region": REGION, "endpoint": moto_endpoint}
    role = {"roleArn": "arn:aws:iam::123456789012:role/stepweave", "externalId": f"tenant-{mark}"}
    rds = manager.create_secret(Name=f"rds!db-{mark}/_+=.@-x", SecretString='{"password": "a!b\\"c%2Fd"}')
    for data in (account, {**account, **role}):
        store = stage.store("aws_secrets", data)
        at = f"secret://{store}"
        assert stage.token(f"{at}/prod/{mark}#password") == "hush"
        assert stage.token(f"{at}/{made['ARN']}#n") == "7"
        assert stage.token(f"{at}/plain-{mark}") == "just text"
        assert stage.token(f"{at}/{rds['Name']}#password") == 'a!b"c%2Fd'
    with pytest.raises(SecretMissing, match="no key “user”"):
        stage.token(f"{at}/prod/{mark}#user")
    with pytest.raises(SecretMissing, match="no JSON object"):
        stage.token(f"{at}/plain-{mark}#k")
    with pytest.raises(SecretMissing, match="binary"):
        stage.token(f"{at}/bytes-{mark}")
    with pytest.raises(SecretMissing, match="gone"):
        stage.token(f"{at}/gone-{mark}#k")
    manager.delete_secret(SecretId=f"plain-{mark}")
    opening.external.cache_clear()
    with pytest.raises((SecretMissing, SecretRefused)) as caught:  # waits for its deletion
        stage.token(f"{at}/plain-{mark}")
    assert "just text" not in str(caught.value)
