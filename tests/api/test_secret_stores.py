"""Stores of secrets, tried out; who refers to one; and when credentials end."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi.testclient import TestClient

from api.services.credential_ends import ends_of
from tests.api.conftest import World
from tests.api.test_connecting import Stage
from tests.api.test_connecting import server as server
from tests.api.test_connecting import stage as stage
from tests.api.test_people import joined, me
from tests.api.test_routes import is_problem
from tests.fakes.web import Exchange, Web, web_server
from tests.fixtures.oauth2 import SECRET

END = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Give a server that answers as HashiCorp Vault does to one token."""
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")

    def give(exchange: Exchange) -> None:
        if exchange.asked.headers.get("x-vault-token") != "hvs.good":
            return exchange.answer(403, b'{"errors":["permission denied"]}')
        found: dict[str, Any] = {
            "/v1/auth/token/lookup-self": {"data": {"expire_time": "2026-12-24T08:00:00Z"}},
            "/v1/secret/data/shop": {"data": {"data": {"secret": SECRET}}},
        }
        body = found.get(exchange.asked.path)
        return exchange.answer(404 if body is None else 200, json.dumps(body or {"errors": []}).encode())

    with web_server() as web:
        web.otherwise = give
        yield web


def made(client: TestClient, kind: str, data: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post(
        "/api/credentials", json={"name": f"{kind} {uuid.uuid4()}", "type": kind, "data": data, **more}
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_store_is_tried_out_and_a_secret_in_it_without_being_shown(world: World, vault: Web) -> None:
    client = world.person()
    store = made(client, "hashicorp_vault", {"address": vault.url(""), "token": "hvs.good"})["id"]

    def tried(path: str | None = None, id: str = store) -> tuple[bool, str]:
        answer = client.post(f"/api/credentials/{id}/test", **({} if path is None else {"json": {"path": path}}))  # type: ignore[arg-type]  # httpx's
        assert answer.status_code == 200, answer.text
        assert SECRET not in answer.text
        return answer.json()["works"], answer.json()["message"]

    works, words = tried()
    assert works
    assert "ends 2026-12-24T08:00:00Z" in words
    assert tried("shop#secret") == (True, "The secret “shop”, key “secret”, is there.")
    assert tried(f"secret://{store}/shop#secret")[0]
    for path, said in (
        ("shop#other", "has no key “other”"),
        ("shop", "Say which key"),
        ("gone#k", "There is no secret"),
        ("../sys/seal#k", "is no path"),
        (f"secret://{uuid.uuid4()}/shop#secret", "in another store"),
    ):
        works, words = tried(path)
        assert (works, said in words) == (False, True), words
    wrong = made(client, "hashicorp_vault", {"address": vault.url(""), "token": "hvs.bad"})["id"]
    for none_or_path in (None, "shop#secret"):
        works, words = tried(none_or_path, wrong)
        assert (works, "refused its token" in words) == (False, True), words
    down = made(client, "https_secrets", {"address": "http://127.0.0.1:1/{path}", "value": "Bearer x"})["id"]
    assert "does not answer" in tried(None, down)[1]
    assert is_problem(world.person().post(f"/api/credentials/{store}/test"), 404, "not_found")


def test_a_store_that_credentials_refer_to_is_deleted_knowingly(world: World, vault: Web) -> None:
    client = world.person()
    store = made(client, "https_secrets", {"address": vault.url("/{path}"), "value": "Bearer x"})["id"]
    data = {"token": f"secret://{store}/a#k", "allowedHosts": "api.example.com"}
    id = made(client, "http_bearer", data)["id"]
    uses = client.get(f"/api/credentials/{store}/uses").json()
    assert [one["id"] for one in uses["credentials"]] == [id]
    assert is_problem(client.delete(f"/api/credentials/{store}"), 409, "credential_in_use")
    client.put(f"/api/credentials/{id}", json={"name": "Plain", "data": {"token": "t"}})
    assert client.get(f"/api/credentials/{store}/uses").json()["credentials"] == []
    assert client.delete(f"/api/credentials/{store}").status_code == 204


@pytest.mark.parametrize("place", ["", "/x{path}", "?a={path}{path}"])
def test_a_path_leads_to_no_other_host(world: World, place: str) -> None:
    """Next to the host's name a path would be a part of it: `https://secrets.example` + `.evil.example`."""
    address = f"https://secrets.example{place or '{path}'}"
    body = {"name": "S", "type": "https_secrets", "data": {"address": address, "value": "Bearer x"}}
    answer = world.person().post("/api/credentials", json=body)
    assert answer.status_code == (201 if place == "/x{path}" else 422), answer.text


def test_a_credential_is_connected_with_a_clients_secret_that_lies_in_a_store(stage: Stage, vault: Web) -> None:
    store = made(stage.client, "hashicorp_vault", {"address": vault.url(""), "token": "hvs.good"})["id"]
    reference = f"secret://{store}/shop#secret"
    stage.put(clientSecret=reference)
    stage.connected()
    fields, tokens = stage.stored()
    assert (fields["clientSecret"], tokens is not None) == (reference, True)
    assert stage.open()["data"]["accessToken"] == tokens.access
    stage.put(clientSecret=f"secret://{store}/shop#gone")
    page = stage.back(stage.provider.agree(stage.connect()))
    assert (page.connected, "has no key “gone”" in page.message) == (False, True)
    assert stage.stored()[1] == tokens  # what was connected stays


def test_who_manages_a_project_connects_its_credentials(stage: Stage) -> None:
    """Not the role in the workspace counts, but what one may do in the credential's project."""
    project = stage.client.post("/api/projects", json={"name": "Shop"}).json()["id"]
    manager = joined(stage.world, stage.client, "viewer")
    path = f"/api/projects/{project}/members/{me(manager)['user']['id']}"
    assert stage.client.put(path, json={"role": "manager"}).status_code == 204
    body = {"name": "Theirs", "type": "oauth2", "data": stage.provider.credential, "projectId": project}
    id = manager.post("/api/credentials", json=body).json()["id"]
    begun = manager.post(f"/api/credentials/{id}/connect").json()["authorizeUrl"]
    assert stage.back(stage.provider.agree(begun), manager).connected
    again = manager.post(f"/api/credentials/{id}/connect").json()["authorizeUrl"]
    assert stage.client.put(path, json={"role": "viewer"}).status_code == 204
    assert "may not connect" in stage.back(stage.provider.agree(again), manager).message


def test_when_a_credential_ends_is_known_by_its_person_its_token_and_its_certificate(world: World) -> None:
    client = world.person()
    now = datetime.now(UTC)
    key = {"allowedHosts": "api.example.com"}
    by_person = made(client, "http_bearer", {**key, "token": "t"}, expiresAt=(now + timedelta(days=5)).isoformat())
    token = jwt.encode({"exp": int((now + timedelta(days=20)).timestamp())}, "k" * 32, "HS256")
    by_itself = made(client, "http_bearer", {**key, "token": token})
    endless = made(client, "http_bearer", {**key, "token": "t"})
    assert by_person["rotatedAt"] is not None

    def ending(days: int) -> set[str]:
        items = client.get("/api/credentials", params={"expiringWithin": days}).json()["items"]
        return {one["id"] for one in items}

    assert (ending(0), ending(10), ending(30)) == (set(), {by_person["id"]}, {by_person["id"], by_itself["id"]})
    path = f"/api/credentials/{by_person['id']}"
    renamed = client.put(path, json={"name": "Renamed"}).json()
    assert (renamed["expiresAt"], renamed["rotatedAt"]) == (by_person["expiresAt"], by_person["rotatedAt"])
    rotated = client.put(path, json={"name": "Renamed", "data": {"token": token}, "expiresAt": None}).json()
    assert (rotated["expiresAt"], rotated["endsAt"]) == (None, by_itself["endsAt"])
    assert rotated["rotatedAt"] > by_person["rotatedAt"]
    assert endless["id"] not in ending(3650)
    bad = {"name": "X", "expiresAt": "2027-01-01T00:00:00"}
    assert client.put(path, json=bad).status_code == 422  # of which time zone?
    assert client.get("/api/credentials?expiringWithin=-1").status_code == 422


def certificate(end: datetime) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "me")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(end - timedelta(days=30)).not_valid_after(end)
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@pytest.mark.parametrize(
    "data",
    [
        {"token": "a.b.c"},
        {"token": "eyJhbGciOiJIUzI1NiJ9.bnVsbA.x"},
        {"token": "e30.eyJleHAiOjFlMzB9.x"},
        {"token": "e30.eyJleHAiOnRydWV9.x"},
        {"token": "e30." + "W" * 100_000 + ".x"},
        {"certificate": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"},
        {"certificate": "-----BEGIN CERTIFICATE-----" * 5000},
        {"port": 5},
    ],
)
def test_what_tells_no_end_has_none(data: dict[str, Any]) -> None:
    assert ends_of(data) is None


def test_the_earliest_certificate_of_a_chain_counts() -> None:
    chain = certificate(END + timedelta(days=900)) + certificate(END)
    token = jwt.encode({"exp": int((END + timedelta(days=1)).timestamp())}, "k" * 32, "HS256")
    assert ends_of({"certificate": chain, "token": f"Bearer {token}"}) == END
