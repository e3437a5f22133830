"""Secrets that lie in a store of the tenant's: AWS Secrets Manager (moto) and HashiCorp Vault (a server of its API)."""

import json
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import psycopg
import pytest

from functions.system.vault import opening
from functions.system.vault.errors import (
    CredentialError,
    CredentialRefused,
    CredentialTypeMismatch,
    CredentialUnavailable,
    SecretMissing,
    SecretRefused,
)
from functions.system.vault.types import types
from stepweave_data.link import Link
from stepweave_data.secrets import external as fetching
from stepweave_data.secrets import stores
from stepweave_data.vaulting import Sealed, seal, unseal
from tests.fakes.certificates import made
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
        {
            "password": "hush\n",
            "port": 5432,
            "on": True,
            "deep": {"a": [1], "b": {"c": "inner"}},
            "none": None,
            "b": "a\r\nHost: evil\n",
        },
    )
    store = hashicorp(stage, server, namespace="team/")
    at = f"secret://{store}/prod/shop"
    id = stage.store("http_bearer", {"token": f"{at}#password", "allowedHosts": "api.example.com"})
    opened = stage.ask(id)
    assert opened["data"]["token"] == "hush"
    assert opened["request"] == {"headers": [["Authorization", "Bearer hush"]], "query": []}
    assert opened["hosts"] == ["api.example.com"]
    assert server.asked[-1].headers["x-vault-namespace"] == "team/"
    assert [stage.token(f"{at}#{key}") for key in ("port", "on", "deep.b.c")] == ["5432", "true", "inner"]
    document = stage.store("postgres", {"password": f"{at}#deep"})
    assert json.loads(stage.ask(document, "postgres")["data"]["password"]) == {"a": [1], "b": {"c": "inner"}}
    with pytest.raises(SecretMissing, match="“Token” refers to has a line break") as caught:
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
    now[0] += 6
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
        (404, {"errors": []}, SecretMissing, "There is no secret .* Is the mount right"),
        (
            404,
            {"data": {"data": None, "metadata": {"deletion_time": "2026-01-01T00:00:00Z"}}},
            SecretMissing,
            "deleted",
        ),
        (200, {"data": {"k": "v1 of hush"}}, SecretMissing, "no KV store of version 2"),
        (200, ["hush"], SecretMissing, "is no HashiCorp Vault"),
        (307, {}, SecretMissing, "leads elsewhere"),
        (418, {}, SecretMissing, "is no HashiCorp Vault"),
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


def test_an_app_role_logs_in_by_itself_and_again_when_its_token_is_over(
    stage: Stage, server: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores._tokens.clear()
    now, alive, logins = [1000.0], ["hvs.1"], []
    monkeypatch.setattr(f"{stores.__name__}.time.monotonic", lambda: now[0])

    def login(exchange: Exchange) -> None:
        logins.append(json.loads(exchange.asked.body))
        if logins[-1]["secret_id"] == "over":
            return exchange.answer(400, b'{"errors":["invalid secret id over"]}')
        alive[0] = f"hvs.{len(logins)}"
        body = {"auth": {"client_token": alive[0], "lease_duration": 100, "renewable": True}}
        return exchange.answer(200, json.dumps(body).encode())

    def give(exchange: Exchange) -> None:
        if exchange.asked.headers["x-vault-token"] != alive[0]:
            return exchange.answer(403, b'{"errors":["permission denied"]}')
        return exchange.answer(200, json.dumps({"data": {"data": {"k": "hush"}}}).encode())

    server.routes["/v1/auth/team/approle/login"] = login
    server.routes["/v1/secret/data/a"] = give
    data = {"address": server.url(""), "roleId": "r", "secretId": "s", "roleMount": "team/approle"}
    at = f"secret://{stage.store('hashicorp_vault', data)}/a#k"
    assert [stage.token(at), stage.token(at)] == ["hush", "hush"]
    assert logins == [{"role_id": "r", "secret_id": "s"}]
    now[0] += 70  # what was fetched is over, the token is not
    stage.token(at)
    assert len(logins) == 1
    now[0] += 70
    stage.token(at)
    assert len(logins) == 2
    alive[0] = "revoked"  # it is refused before it is over: another, once
    now[0] += 61
    stage.token(at)
    assert len(logins) == 3
    wrong = stage.store("hashicorp_vault", {**data, "secretId": "over"})
    with pytest.raises(SecretRefused, match="refused its AppRole") as caught:
        stage.token(f"secret://{wrong}/a#k")
    assert "invalid" not in str(caught.value)
    elsewhere = stage.store("hashicorp_vault", {**data, "roleMount": "none"})
    server.routes["/v1/auth/none/login"] = lambda it: it.answer(404, b'{"errors":["no handler"]}')
    with pytest.raises(SecretRefused, match="no AppRole mounted at “none”"):
        stage.token(f"secret://{elsewhere}/a#k")


@pytest.mark.parametrize(
    ("address", "within", "reference", "asked"),
    [
        ("/v1/{path}", "", "prod/shop#value.raw", "/v1/prod/shop"),
        ("/v1", "", "prod/shop#value.raw", "/v1/prod/shop"),
        ("/v1?name={path}&env=e", "value", "prod/a%26b=c#raw", "/v1?name=prod%2Fa%26b%3Dc&env=e"),
        ("/v1/items/{path}", "", "My%20item (1)#fields.password.value", "/v1/items/My%20item%20%281%29"),
        ("/v1/items/{path}", "fields", "postgres-n8n-data#0.value", "/v1/items/postgres-n8n-data"),
        ("/v1/{path}/text", "", "a", "/v1/a/text"),
        ("/v1/{path}/json-text", "", "a", "/v1/a/json-text"),
    ],
)
def test_a_field_takes_its_secret_from_any_server_that_answers_json(
    stage: Stage, server: Web, address: str, within: str, reference: str, asked: str
) -> None:
    def give(exchange: Exchange) -> None:
        if exchange.asked.headers.get("x-key") != "Bearer k":
            return exchange.answer(403, b"hush")
        if asked.endswith("/text"):
            return exchange.answer(200, b"hush\n", content_type="text/plain")
        body: Any = "hush" if asked.endswith("/json-text") else {"value": {"raw": "hush", "n": None}}
        if "/items/" in asked:  # as 1Password Connect answers
            body = {"id": "i", "fields": [{"label": "password", "value": "hush"}, {"label": "user", "value": "u"}]}
        return exchange.answer(200, json.dumps(body).encode(), content_type="application/json")

    server.otherwise = give
    data = {"address": server.url(address), "header": "X-Key", "value": "Bearer k", "within": within}
    store = stage.store("https_secrets", data)
    assert stage.token(f"secret://{store}/{reference}") == "hush"
    assert server.asked[-1].path == asked
    with pytest.raises(SecretRefused, match="refused its header") as caught:
        stage.token(f"secret://{stage.store('https_secrets', {**data, 'value': 'other'})}/{reference}")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "kind", "error", "words"),
    [
        (404, "{}", "application/json", SecretMissing, "There is no secret “a”"),
        (204, "", "application/json", SecretMissing, "status 204"),
        (302, "hush", "text/plain", SecretMissing, "its header is not sent"),
        (200, "<html>hush", "text/html", SecretMissing, "is a page for people"),
        (200, "[1]", "application/json", SecretMissing, "has no JSON object"),
        (200, "{not json", "application/json", SecretMissing, "has no JSON object"),
        (200, "{}", "application/json", SecretMissing, "has no key “k”"),
        (200, '{"k": ""}', "application/json", SecretMissing, "is empty"),
        (200, "just text", "text/plain", SecretMissing, "is no JSON object, so it has no key"),
        (200, "x" * 300_000, "text/plain", CredentialUnavailable, "more than 256 KB"),
        (429, "hush", "text/plain", CredentialUnavailable, "status 429"),
    ],
)
def test_what_is_no_secret_of_a_server_is_told_and_not_quoted(
    stage: Stage, server: Web, status: int, body: str, kind: str, error: type[CredentialError], words: str
) -> None:
    server.otherwise = lambda it: it.answer(status, body.encode(), content_type=kind, location="http://127.0.0.1:1/")
    store = stage.store("https_secrets", {"address": server.url("/"), "value": "Bearer tok-en"})
    with pytest.raises(error, match=words) as caught:
        stage.token(f"secret://{store}/a#k")
    assert not any(secret in str(caught.value) for secret in ("hush", "just text", "tok-en", "xxxx"))


def test_all_keys_of_a_path_are_of_one_answer_and_a_store_that_is_away_is_asked_once(
    stage: Stage, server: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(f"{fetching.__name__}.time.monotonic", lambda: now[0])
    count = [0]

    def give(exchange: Exchange) -> None:
        count[0] += 1
        pair = {"user": f"u{count[0]}", "password": f"p{count[0]}"}
        exchange.answer(200, json.dumps({"data": {"data": pair}}).encode())

    server.routes["/v1/secret/data/db"] = give
    store = hashicorp(stage, server)
    at = f"secret://{store}/db"
    # Two secrets of one rotation: never one of before and one of after.
    key = {"privateKey": f"{at}#password", "passphrase": f"{at}#user"}
    pair = stage.store("tls_client", {**key, "certificate": "c"})
    first = stage.ask(pair, "tls_client")
    assert (first["data"]["privateKey"], first["data"]["passphrase"]) == ("p1", "u1")
    now[0] += 10
    again = stage.ask(pair, "tls_client", refused=first["token"])["data"]
    assert (again["privateKey"], again["passphrase"]) == ("p2", "u2")
    server.routes["/v1/secret/data/gone"] = lambda it: it.answer(503, b"{}")
    before = len(server.asked)
    for _ in range(4):
        with pytest.raises(CredentialUnavailable, match="sealed"):
            stage.token(f"secret://{store}/gone#k")
    assert len(server.asked) == before + 1  # three did not wait for it
    now[0] += 6
    with pytest.raises(CredentialUnavailable):
        stage.token(f"secret://{store}/gone#k")
    assert len(server.asked) == before + 2


def test_a_secret_that_its_field_would_not_take_is_refused(stage: Stage, server: Web) -> None:
    kv(server, "a", {"space": "a b", "long": "x" * 9000, "ok": "t", "end": "t\r\nHost: evil"})
    at = f"secret://{hashicorp(stage, server)}/a"
    assert stage.token(f"{at}#ok") == "t"
    for key, words in (("space", "is of another kind"), ("long", "longer than 8000"), ("end", "has a line break")):
        with pytest.raises(SecretMissing, match=words) as caught:
            stage.token(f"{at}#{key}")
        assert "evil" not in str(caught.value)


def test_an_oauth2_clients_secret_is_fetched_when_a_token_is_due_and_anew_when_it_was_rotated(
    stage: Stage, server: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(f"{fetching.__name__}.time.monotonic", lambda: now[0])
    known = ["one"]
    given: list[str] = []

    def token(exchange: Exchange) -> None:
        fields = dict(parse_qsl(exchange.asked.body.decode()))
        if fields["client_secret"] != known[0]:
            return exchange.answer(401, b'{"error": "invalid_client"}', content_type="application/json")
        given.append(f"token-{len(given)}")
        body = {"access_token": given[-1], "token_type": "bearer", "expires_in": 3600}
        return exchange.answer(200, json.dumps(body).encode(), content_type="application/json")

    server.routes["/token"] = token
    kv(server, "a", {"k": "one"})
    at = f"secret://{hashicorp(stage, server)}/a#k"
    data = {"clientId": "c", "clientSecret": at, "tokenUrl": server.url("/token"), "allowedHosts": "api.example.com"}
    id = stage.store("oauth2_client", data)
    first = stage.ask(id, "oauth2_client")
    assert (first["data"]["accessToken"], "clientSecret" in first["data"]) == ("token-0", False)
    asked = len(server.asked)
    assert stage.ask(id, "oauth2_client")["data"]["accessToken"] == "token-0"
    assert len(server.asked) == asked  # while the token lasts, nobody is asked
    # Rotated at the provider and in the store a moment later: the provider's word counts at once.
    kv(server, "a", {"k": "two"})
    known[0] = "two"
    now[0] += 10
    renewed = stage.ask(id, "oauth2_client", refused=first["token"])
    assert renewed["data"]["accessToken"] == "token-1"
    with psycopg.connect(stage.databases.owner) as connection:
        row = connection.execute(
            "SELECT wrapped_key, nonce, ciphertext FROM credentials WHERE id = %s", (id,)
        ).fetchone()
    assert row is not None
    kept = unseal(Sealed(*map(bytes, row)), str(stage.tenant.id), id, stage.keys)
    assert kept["clientSecret"] == at  # the reference stays, and no secret with it
    known[0] = "three"
    now[0] += 10
    with pytest.raises(CredentialRefused, match="invalid_client") as caught:
        stage.ask(id, "oauth2_client", refused=renewed["token"])
    assert "two" not in str(caught.value)
    kv(server, "a", {"errors": []}, status=503)
    now[0] += 700
    with pytest.raises(CredentialUnavailable, match="sealed"):
        stage.ask(id, "oauth2_client", refused=renewed["token"])


def test_a_store_that_is_not_reached_is_unavailable(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = stage.store("hashicorp_vault", {"address": "http://127.0.0.1:1", "token": TOKEN})
    with pytest.raises(CredentialUnavailable, match="does not answer"):
        stage.token(f"secret://{gone}/a#k")
    opening.external.cache_clear()
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
    manager.create_secret(Name=f"plain-{mark}", SecretString="just-text\n")
    manager.create_secret(Name=f"bytes-{mark}", SecretBinary=b"\x00\x01")
    account = {"accessKeyId": "AKIATEST", "secretAccessKey": "s", "region": REGION, "endpoint": moto_endpoint}
    role = {"roleArn": "arn:aws:iam::123456789012:role/stepweave", "externalId": f"tenant-{mark}"}
    rds = manager.create_secret(Name=f"rds!db-{mark}/_+=.@-x", SecretString='{"password": "a!b\\"c%2Fd"}')
    for data in (account, {**account, **role}):
        store = stage.store("aws_secrets", data)
        at = f"secret://{store}"
        assert stage.token(f"{at}/prod/{mark}#password") == "hush"
        assert stage.token(f"{at}/{made['ARN']}#n") == "7"
        assert stage.token(f"{at}/plain-{mark}") == "just-text"
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
    assert "just-text" not in str(caught.value)


# TLS: stores inside of a company have certificates of its own authority


@pytest.mark.parametrize("kind", ["hashicorp_vault", "https_secrets", "approle"])
def test_a_store_with_a_certificate_of_the_companys_own_authority(stage: Stage, kind: str) -> None:
    authority = made("Company CA", authority=True)
    with web_server(made("vault.internal", authority).server()) as web:
        kv(web, "shop", {"password": "hush"})
        web.routes["/s/shop"] = lambda exchange: exchange.answer(200, b"hush", content_type="text/plain")
        login = json.dumps({"auth": {"client_token": TOKEN, "lease_duration": 60}}).encode()
        web.routes["/v1/auth/approle/login"] = lambda exchange: exchange.answer(200, login)
        data: dict[str, Any] = {
            "hashicorp_vault": {"address": web.url("/"), "token": TOKEN},
            "approle": {"address": web.url("/"), "roleId": str(uuid.uuid4()), "secretId": "s"},
            "https_secrets": {"address": web.url("/s/{path}"), "header": "x-token", "value": "v"},
        }[kind]
        type, key = ("https_secrets", "") if kind == "https_secrets" else ("hashicorp_vault", "#password")
        known = stage.store(type, {**data, "caCertificate": f"\n{authority.pem}\n"})
        assert stage.token(f"secret://{known}/shop{key}") == "hush"
        asked = len(web.asked)
        others = {
            "": "cannot be trusted",
            made("Another CA", authority=True).pem: "cannot be trusted",
            "no PEM": "no certificate in PEM",
        }
        for pem, words in others.items():
            opening.external.cache_clear()
            stores._tokens.clear()
            other = stage.store(type, {**data, "caCertificate": pem})
            with pytest.raises(CredentialUnavailable, match=words):
                stage.token(f"secret://{other}/shop{key}")
        assert len(web.asked) == asked, "no secret of ours is sent to whom nobody vouches for"


def test_a_certificate_for_another_name_or_an_old_one_is_not_taken(stage: Stage) -> None:
    authority = made("Company CA", authority=True)
    for certificate in (made("vault.internal", authority, expired=True), made("x", authority, authority=True)):
        with web_server(certificate.server()) as web:
            store = hashicorp(stage, web, caCertificate=authority.pem)
            with pytest.raises(CredentialUnavailable, match="cannot be trusted"):
                stage.token(f"secret://{store}/shop#password")
            assert web.asked == []
