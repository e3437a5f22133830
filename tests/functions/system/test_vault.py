"""The vault opens a tenant's own credentials, and says nothing else about any."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from functions.system.sweeper.expiring import folded
from functions.system.vault.applying import bound_hosts, hosts_of, named_hosts, rate_of, request_of
from functions.system.vault.errors import CredentialNotFound, CredentialTypeMismatch
from functions.system.vault.opening import open_credential, open_registration
from functions.system.vault.types import CredentialType, types
from stepweave.aws import AwsError
from stepweave.runtime.authentication import Authentication, CredentialNotForHost
from stepweave.runtime.credentials import Vault
from stepweave.runtime.errors import CredentialMissing, CredentialUnavailable
from stepweave.spec.credential_parts import OnRequest
from stepweave_data.link import Link
from stepweave_data.vaulting import CannotOpen, seal
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant

EXECUTION = str(uuid.uuid4())
DATA = {"name": "X-Api-Key", "value": "s3cret", "allowedHosts": "api.shop.example, *.CDN.example"}


class Keys:
    """KMS in memory: wraps with one key, and binds to the context as KMS does."""

    def __init__(self) -> None:
        self._master = AESGCM(AESGCM.generate_key(256))

    def generate_data_key(self, context: dict[str, str]) -> tuple[bytes, bytes]:
        plain = AESGCM.generate_key(256)
        return plain, self._master.encrypt(b"0" * 12, plain, json.dumps(context).encode())

    def decrypt(self, wrapped: bytes, context: dict[str, str]) -> bytes:
        return self._master.decrypt(b"0" * 12, wrapped, json.dumps(context).encode())


class Stage:
    """A tenant's credential."""

    def __init__(self, databases: Databases, tenant: Tenant) -> None:
        self.databases, self.tenant, self.keys, self.link = databases, tenant, Keys(), Link(databases.app)
        self.id = str(uuid.uuid4())
        sealed = seal(DATA, str(tenant.id), self.id, self.keys)
        with psycopg.connect(databases.owner) as connection:
            connection.execute(
                """INSERT INTO credentials (id, tenant_id, name, type, hint, wrapped_key, nonce, ciphertext)
                   VALUES (%s, %s, 'Shop', 'http_header', '', %s, %s, %s)""",
                (self.id, tenant.id, sealed.wrapped_key, sealed.nonce, sealed.ciphertext),
            )

    def ask(self, **changes: Any) -> dict[str, Any]:
        request = {"tenantId": str(self.tenant.id), "credentialId": self.id, "type": "http_header", **changes}
        return open_credential(request, types(), self.link, self.keys)


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.link.close()


def test_a_tenants_own_credential_is_opened(stage: Stage) -> None:
    assert stage.ask() == {
        "type": "http_header",
        "data": DATA,
        "request": {"headers": [["X-Api-Key", "s3cret"]], "query": []},
        "hosts": ["api.shop.example", "*.cdn.example"],
        "token": "",
        "rate": None,
    }


def test_each_reading_is_in_the_audit(stage: Stage) -> None:
    for node in ("a", "a", "b"):
        stage.ask(executionId=EXECUTION, nodeId=node)
    query = "SELECT actor_kind, action, details FROM audit WHERE subject = %s ORDER BY details ->> 'nodeId'"
    with psycopg.connect(stage.databases.owner) as connection:
        assert connection.execute(query, (stage.id,)).fetchall() == []
        # The application may neither change nor take away what is on its way, nor say when it was.
        with psycopg.connect(stage.databases.app) as app:
            for statement in ("DELETE FROM credential_reads", "UPDATE credential_reads SET details = '{}'"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
                    app.execute(statement.encode())
            assert app.execute("SELECT count(*) FROM credential_reads").fetchone() == (0,)  # of no tenant
    assert folded(stage.link) >= 3
    with psycopg.connect(stage.databases.owner) as connection:
        rows = connection.execute(query, (stage.id,)).fetchall()
        assert (
            connection.execute("SELECT 1 FROM audit_verify(9) WHERE tenant_id = %s", (stage.tenant.id,)).fetchone()
            is None
        )
    assert [row[:2] for row in rows] == [("system", "credential.read")] * 2
    assert [(row[2]["executionId"], row[2]["nodeId"], row[2]["times"]) for row in rows] == [
        (EXECUTION, "a", 2),
        (EXECUTION, "b", 1),
    ]
    assert rows[0][2]["first"] < rows[0][2]["last"]


def test_what_the_tenant_says_models_cost_comes_with_a_credential_of_their_type(
    stage: Stage, tenants: tuple[Tenant, Tenant]
) -> None:
    mine, theirs = tenants
    rows = [
        (mine.id, "http_header", "a/b", {"input": "0.5"}),
        (mine.id, "http_header", "c", {"minute": "1"}),
        (mine.id, "openai", "a", {"input": "2"}),
        (theirs.id, "http_header", "a/b", {"input": "9"}),
    ]
    with psycopg.connect(stage.databases.owner) as connection:
        for tenant, provider, model, rates in rows:
            statement = "INSERT INTO model_prices (tenant_id, provider, model, rates) VALUES (%s, %s, %s, %s)"
            connection.execute(statement, (tenant, provider, model, json.dumps(rates)))
    try:
        assert stage.ask()["data"] == {**DATA, "prices": {"a/b": {"input": "0.5"}, "c": {"minute": "1"}}}
    finally:
        with psycopg.connect(stage.databases.owner) as connection:
            connection.execute("DELETE FROM model_prices")


@pytest.mark.parametrize(
    ("kind", "data", "request_", "hosts"),
    [
        ("smtp", {"host": "mail"}, None, []),
        (
            "http_basic",
            {"user": "Ann", "password": "pä:ss"},
            {"headers": [["Authorization", "Basic QW5uOnDDpDpzcw=="]], "query": []},
            [],
        ),
        ("http_header", {"name": "X", "value": "v", "allowedHosts": " , "}, {"headers": [["X", "v"]], "query": []}, []),
    ],
)
def test_a_type_says_how_a_credential_goes_with_a_request(
    kind: str, data: dict[str, Any], request_: dict[str, Any] | None, hosts: list[str]
) -> None:
    assert request_of(types()[kind], data) == request_
    assert hosts_of(types()[kind], data) == hosts


@pytest.mark.parametrize(
    ("data", "rate"),
    [
        ({"mostRequests": 5, "inSeconds": 0.5}, [5.0, 0.5]),
        ({"mostRequests": None, "inSeconds": 60}, None),
        ({"inSeconds": 60}, None),
        ({}, None),
    ],
)
def test_a_rate_is_there_where_both_of_its_fields_are(data: dict[str, Any], rate: list[float] | None) -> None:
    for kind in ("http_header", "http_basic", "oauth2", "oauth2_client"):
        assert rate_of(types()[kind], data) == rate
    assert rate_of(types()["postgres"], data) is None


def test_what_takes_an_empty_field_is_left_out() -> None:
    on_request = OnRequest(headers=(("X-Key", "{key}"), ("X-Team", "{team}")), query=(("v", "{version}"),))
    type = CredentialType(on_request, ("{region}.shop.example", "shop.example"))
    assert request_of(type, {"key": "k", "team": "", "version": 2}) == {
        "headers": [["X-Key", "k"]],
        "query": [["v", "2"]],
    }
    assert hosts_of(type, {"key": "k"}) == ["shop.example"]


@pytest.mark.parametrize(
    ("kind", "data", "hosts"),
    [
        ("http_bearer", {"token": "t", "allowedHosts": "api.shop.example"}, ["api.shop.example"]),
        ("http_bearer", {"token": "t"}, []),
        ("github_token", {"token": "t"}, ["api.github.com"]),
        ("openai", {"apiKey": "k", "baseUrl": "https://Models.example:8443/v1"}, ["models.example"]),
        ("openai", {"apiKey": "k", "baseUrl": "https://[bad"}, None),
        ("openai", {"apiKey": "k"}, None),
    ],
)
def test_a_credential_of_any_type_goes_to_the_hosts_that_it_names(
    kind: str, data: dict[str, Any], hosts: list[str] | None
) -> None:
    assert bound_hosts(types()[kind], data) == hosts


@pytest.mark.parametrize(
    ("kind", "data", "goes", "stays"),
    [
        ("http_bearer", {"token": "t"}, [], ["a.example", "nowhere.invalid.example"]),
        ("http_bearer", {"token": "t", "testUrl": "https://A.example:8443/me"}, ["a.example"], ["b.example"]),
        (
            "http_bearer",
            {"token": "t", "allowedHosts": "b.example", "testUrl": "https://a.example/"},
            ["b.example"],
            ["a.example"],
        ),
        ("http_bearer", {"token": "t", "allowedHosts": "*"}, ["a.example", "127.0.0.1"], []),
        ("http_bearer", {"token": "t", "allowedHosts": "*.example"}, ["a.example"], ["example", "aexample", "*"]),
        ("github_token", {"token": "t"}, ["api.github.com"], ["a.example"]),
    ],
)
def test_one_that_names_no_host_goes_to_that_of_its_test_or_nowhere(
    kind: str, data: dict[str, Any], goes: list[str], stays: list[str]
) -> None:
    allowed = Authentication(hosts=tuple(named_hosts(types()[kind], data, bound=True)))
    for host in goes:
        allowed.check(host)
    for host in stays:
        with pytest.raises(CredentialNotForHost) as refused:
            allowed.check(host)
        assert refused.value.details == {"host": host}


def test_one_from_before_hosts_were_asked_for_goes_on_as_it_did(stage: Stage) -> None:
    sealed = seal({**DATA, "allowedHosts": ""}, str(stage.tenant.id), stage.id, stage.keys)
    change = "UPDATE credentials SET wrapped_key = %s, nonce = %s, ciphertext = %s, bound = %s WHERE id = %s"
    for bound, hosts in ((True, ["nowhere.invalid"]), (False, [])):
        with psycopg.connect(stage.databases.owner) as connection:
            connection.execute(change, (sealed.wrapped_key, sealed.nonce, sealed.ciphertext, bound, stage.id))
        assert stage.ask()["hosts"] == stage.ask(type="*")["hosts"] == hosts


def test_any_type_for_http_opens_without_its_data(stage: Stage) -> None:
    opened = stage.ask(type="*")
    assert (opened["data"], opened["hosts"]) == ({}, ["api.shop.example", "*.cdn.example"])
    assert opened["request"]["headers"] == [["X-Api-Key", "s3cret"]]
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute("UPDATE credentials SET type = 'smtp' WHERE id = %s", (stage.id,))
    with pytest.raises(CredentialTypeMismatch, match="cannot be sent with an HTTP request"):
        stage.ask(type="*")


def test_a_comma_in_a_part_of_a_hosts_name_makes_no_second_host() -> None:
    type = CredentialType(None, ("{shop}.shop.example",))
    allowed = Authentication(hosts=tuple(hosts_of(type, {"shop": "evil.example,x"})))
    for host in ("evil.example", "x.shop.example", "a.example"):
        with pytest.raises(CredentialNotForHost):
            allowed.check(host)


@pytest.mark.parametrize(
    "changes", [{"credentialId": str(uuid.uuid4())}, {"credentialId": "x"}, {"credentialId": None}, {"tenantId": "x"}]
)
def test_one_that_is_not_there_is_not_found(stage: Stage, changes: dict[str, Any]) -> None:
    with pytest.raises(CredentialNotFound):
        stage.ask(**changes)


def test_another_tenants_is_not_found(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    with pytest.raises(CredentialNotFound):
        stage.ask(tenantId=str(tenants[1].id))


@pytest.mark.parametrize("kind", ["smtp", "", None])
def test_one_of_another_type_is_refused(stage: Stage, kind: str | None) -> None:
    with pytest.raises(CredentialTypeMismatch, match=r"“Shop” is of type “Secret header” \(http_header\), but"):
        stage.ask(type=kind)


def test_one_of_another_type_names_all_that_would_do(stage: Stage) -> None:
    with pytest.raises(CredentialTypeMismatch) as caught:
        stage.ask(types=["imap", "smtp"])
    assert str(caught.value).endswith("needs “Mailbox (IMAP)” (imap) or “Mail server (SMTP)” (smtp).")


def test_one_that_was_altered_does_not_open(stage: Stage) -> None:
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute("UPDATE credentials SET ciphertext = ciphertext || '\\x00' WHERE id = %s", (stage.id,))
    with pytest.raises(CannotOpen):
        stage.ask()


# What triggers with code keep


def registration(stage: Stage, kept: dict[str, Any] | None) -> str:
    """Return the id of a registration that keeps something, or nothing."""
    id = str(uuid.uuid4())
    sealed = seal(kept, str(stage.tenant.id), id, stage.keys) if kept is not None else None
    parts = (sealed.wrapped_key, sealed.nonce, sealed.ciphertext) if sealed else (None, None, None)
    with psycopg.connect(stage.databases.owner) as connection:
        query = "INSERT INTO workflows (tenant_id, name, document) VALUES (%s, 'W', '{\"nodes\": []}') RETURNING id"
        row = connection.execute(query, (stage.tenant.id,)).fetchone()
        assert row is not None
        connection.execute(
            """INSERT INTO registrations (id, tenant_id, workflow_id, node_id, type, version, params, address, status,
                                          wrapped_key, nonce, ciphertext)
               VALUES (%s, %s, %s, 'n', 'github_trigger', 1, '{}', %s, 'active', %s, %s, %s)""",
            (id, stage.tenant.id, row[0], id, *parts),
        )
    return id


def test_what_a_registration_keeps_is_opened_for_its_tenant_alone(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    id = registration(stage, {"secret": "s"})

    def asked(tenant: Any, id: Any) -> Any:
        return open_registration({"tenantId": tenant, "registrationId": id}, stage.link, stage.keys)

    assert asked(str(stage.tenant.id), id) == {"kept": {"secret": "s"}}
    for tenant, other in [
        (str(tenants[1].id), id),
        (str(stage.tenant.id), stage.id),
        (str(stage.tenant.id), registration(stage, None)),
        (str(stage.tenant.id), "x"),
        (None, id),
    ]:
        with pytest.raises(CredentialNotFound):
            asked(tenant, other)
    with psycopg.connect(stage.databases.owner) as connection:
        query = """UPDATE registrations r SET wrapped_key = c.wrapped_key, nonce = c.nonce, ciphertext = c.ciphertext
                   FROM credentials c WHERE r.id = %s AND c.id = %s"""
        connection.execute(query, (id, stage.id))
    with pytest.raises((CannotOpen, InvalidTag)):  # moved from another row
        asked(str(stage.tenant.id), id)


def test_the_webhook_gets_what_is_kept_or_why_not() -> None:
    answers: list[Any] = [{"kept": {"a": 1}}, {"error": {"code": "CredentialNotFound", "message": "gone"}}, None]

    def invoke(request: dict[str, Any]) -> Any:
        assert request == {"tenantId": "t", "registrationId": "r"}
        if not answers:
            raise AwsError("ServiceUnavailable", "secret words", retryable=True)
        return answers.pop(0)

    vault = Vault(invoke)
    assert vault.kept("t", "r") == {"a": 1}
    for _ in range(2):
        with pytest.raises(CredentialMissing):
            vault.kept("t", "r")
    with pytest.raises(CredentialUnavailable) as away:
        vault.kept("t", "r")
    assert "secret words" not in str(away.value)
