"""OAuth2 end to end: connected at a real provider, renewed by the vault once for all who ask, connected again."""

import html
import json
import re
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api import deps
from api.pages import POLICY
from functions.system.vault.errors import CredentialError
from functions.system.vault.opening import open_credential
from functions.system.vault.types import types
from stacks.constructs.headers import policies
from stepweave_data import redis_keys
from stepweave_data.database import database_url, tenant_session
from stepweave_data.link import Link
from stepweave_data.models import Credential
from stepweave_data.oauth2.tokens import parted
from stepweave_data.vaulting import Sealed, unseal
from tests.api.conftest import World
from tests.api.test_routes import is_problem
from tests.fixtures.oauth2 import CLIENT, SECRET, Provider, serving

CALLBACK = "/api/oauth2/callback"


@dataclass
class Page:
    """The page that a provider leads back to."""

    connected: bool
    message: str
    credential: str


@dataclass
class Stage:
    """A person with a credential for a provider."""

    world: World
    provider: Provider
    client: TestClient
    id: str
    database: str

    @property
    def tenant(self) -> str:
        return str(self.client.get("/api/me").json()["tenant"]["id"])

    def connect(self) -> str:
        """Begin; return where the person agrees."""
        answer = self.client.post(f"/api/credentials/{self.id}/connect")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["authorizeUrl"])

    def back(self, query: dict[str, str], client: TestClient | None = None) -> Page:
        """Be sent back by the provider."""
        answer = (client or self.client).get(CALLBACK, params=query)
        assert (answer.status_code, answer.headers["content-security-policy"]) == (200, POLICY)
        found = re.search(r'data-credential="(.*?)" data-connected="(.*?)".*<p>(.*?)</p>', answer.text, re.DOTALL)
        assert found
        assert SECRET not in answer.text
        return Page(found[2] == "yes", html.unescape(found[3]), found[1])

    def connected(self) -> "Stage":
        assert self.back(self.provider.agree(self.connect())).connected
        return self

    def state(self) -> str:
        """What the list of credentials says."""
        rows = self.client.get("/api/credentials").json()["items"]
        return next(str(row["connection"]) for row in rows if row["id"] == self.id)

    def stored(self) -> tuple[dict[str, Any], Any]:
        with tenant_session(uuid.UUID(self.tenant)) as session:
            row = session.get_one(Credential, uuid.UUID(self.id))
            sealed = Sealed(bytes(row.wrapped_key), bytes(row.nonce), bytes(row.ciphertext))
        return parted(unseal(sealed, self.tenant, self.id, self.world.keys))

    def open(self, **more: Any) -> dict[str, Any]:
        """Ask the vault as a node does."""
        request = {"tenantId": self.tenant, "credentialId": self.id, "type": "oauth2", **more}
        link = Link(self.database)
        try:
            return open_credential(request, types(), link, self.world.keys)
        finally:
            link.close()

    def put(self, **data: Any) -> None:
        answer = self.client.put(f"/api/credentials/{self.id}", json={"name": "Shop", "data": data})
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with serving() as provider:
        yield provider


@pytest.fixture
def stage(world: World, server: Provider, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    server.codes.clear()
    server.tokens.clear()
    server.requests.clear()
    server.lifetime, server.slowness, server.instead, server.more = 3600, 0.0, None, {}
    client = world.person()
    body = {"name": "Shop", "type": "oauth2", "data": server.credential}
    made = client.post("/api/credentials", json=body)
    assert (made.status_code, made.json()["connection"]) == (201, "missing"), made.text
    stage = Stage(world, server, client, made.json()["id"], database_url())
    world.app.dependency_overrides[deps.vault] = lambda: lambda request: answered(stage, request)
    return stage


def answered(stage: Stage, request: dict[str, Any]) -> dict[str, Any]:
    """Answer as the vault's handler does."""
    link = Link(stage.database)
    try:
        return open_credential(request, types(), link, stage.world.keys)
    except CredentialError as error:
        return {"error": error.to_json()}
    finally:
        link.close()


# Connecting


def test_a_credential_is_connected_by_a_person_who_agrees(stage: Stage) -> None:
    page = stage.back(stage.provider.agree(stage.connect()))
    assert page == Page(True, "“Shop” is connected.", stage.id)
    assert stage.state() == "connected"
    fields, tokens = stage.stored()
    assert (fields["clientSecret"], tokens.access) == (SECRET, stage.provider.tokens[0].access_token)
    assert (tokens.refresh, tokens.scope) == (stage.provider.tokens[0].refresh_token, "orders offline_access")
    (form,) = stage.provider.requests
    assert (form["grant_type"], form["client_id"]) == ("authorization_code", CLIENT)
    assert len(form["code_verifier"]) >= 43


def test_no_route_returns_a_token(stage: Stage) -> None:
    stage.connected()
    texts = [stage.client.get(path).text for path in ("/api/credentials", f"/api/credentials/{stage.id}")]
    given = stage.provider.tokens[0]
    assert not [text for text in texts for it in (given.access_token, given.refresh_token, SECRET) if it in text]


def test_a_node_gets_the_token_and_not_what_renews_it(stage: Stage) -> None:
    stage.connected()
    answer = stage.open()
    token = stage.provider.tokens[0].access_token
    assert answer["request"] == {"headers": [["Authorization", f"Bearer {token}"]], "query": []}
    assert answer["data"]["accessToken"] == token
    assert {"clientSecret", "$tokens", "refreshToken"} & answer["data"].keys() == set()


def test_a_state_counts_once(stage: Stage) -> None:
    url = stage.connect()
    query = stage.provider.agree(url)
    assert stage.back(query).connected
    again = stage.back(query)
    assert (again.connected, again.credential) == (False, "")
    assert "used before" in again.message
    assert (stage.state(), len(stage.provider.requests)) == ("connected", 1)


def test_a_wrong_or_missing_state_connects_nothing(stage: Stage) -> None:
    query = stage.provider.agree(stage.connect())
    for state in ("", "wrong", "x" * 5000, "\x00"):
        assert not stage.back({"code": query["code"], "state": state}).connected
    assert (stage.state(), stage.provider.requests) == ("missing", [])
    assert stage.back(query).connected


def test_a_state_lives_ten_minutes(stage: Stage) -> None:
    query = stage.provider.agree(stage.connect())
    (key,) = stage.world.redis.scan_iter("oauth2:*")
    assert 590 < int(stage.world.redis.ttl(key)) <= redis_keys.CONNECTING_SECONDS == 600
    assert query["state"] not in key
    stage.world.redis.delete(key)  # as Redis does when the time is over
    page = stage.back(query)
    assert "older than ten minutes" in page.message
    assert (page.connected, stage.state(), stage.provider.requests) == (False, "missing", [])


def test_another_browser_connects_nothing(stage: Stage) -> None:
    query = stage.provider.agree(stage.connect())
    page = stage.back(query, stage.world.anonymous())
    assert (page.connected, page.credential) == (False, stage.id)
    assert "another browser" in page.message
    assert not stage.back(query).connected, "a state that was tried is used up"
    assert (stage.state(), stage.provider.requests) == ("missing", [])


def test_who_says_no_changes_nothing(stage: Stage) -> None:
    page = stage.back(stage.provider.agree(stage.connect(), "no"))
    assert page == Page(False, "Access was not given. Nothing was changed.", stage.id)
    assert (stage.state(), stage.provider.requests) == ("missing", [])


def test_a_provider_that_refuses_is_quoted_as_text(stage: Stage) -> None:
    query = stage.provider.agree(stage.connect())
    page = stage.back(
        {"state": query["state"], "error": "invalid_scope", "error_description": "<b>no</b>\n" + "x" * 5000}
    )
    assert page.message.startswith("The provider refused: invalid_scope: <b>no</b> xxx")
    assert len(page.message) < 400
    assert not page.connected


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        ("oops", "has no token"),
        ({"access_token": 5}, "has no token"),
        ("[" * 100_000, "has no token"),
        (("down", 500), "status 500"),
        ({"error": "invalid_client", "error_description": f"secret {SECRET} is wrong"}, "secret … is wrong"),
        (({"error": "invalid_grant"}, 400), "invalid_grant"),
        (("", 302, {"location": "https://elsewhere.example"}), "has no token"),
        ("x" * 300_000, "more than 256 KB"),
    ],
    ids=["text", "wrong type", "deep", "500", "refused", "bad code", "redirect", "large"],
)
def test_an_answer_that_is_none_leaves_nothing_half_done(stage: Stage, instead: Any, words: str) -> None:
    query = stage.provider.agree(stage.connect())
    stage.provider.instead = instead
    page = stage.back(query)
    assert (page.connected, page.credential) == (False, stage.id)
    assert words in page.message
    assert (stage.state(), stage.stored()[1]) == ("missing", None)
    stage.provider.instead = None
    assert stage.connected().state() == "connected"


def test_a_provider_that_does_not_answer_in_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepweave_data.oauth2.asking.SECONDS", 0.3)
    query = stage.provider.agree(stage.connect())
    stage.provider.slowness = 1.0
    page = stage.back(query)
    assert "did not answer in time" in page.message
    assert stage.state() == "missing"


@pytest.mark.parametrize(
    ("url", "words"), [("http://127.0.0.1:9/token", "https://"), ("https://127.0.0.1:9/token", "private network")]
)
def test_tokens_are_asked_for_at_public_addresses_over_tls_only(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    stage.put(tokenUrl=url, clientSecret=SECRET)
    query = stage.provider.agree(stage.connect())
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    page = stage.back(query)
    assert words in page.message
    assert not page.connected


def test_who_may_not_write_credentials_connects_none(stage: Stage, databases: Any) -> None:
    query = stage.provider.agree(stage.connect())
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE memberships SET role = 'viewer' WHERE tenant_id = %s", (stage.tenant,))
    assert "may not connect" in stage.back(query).message
    assert (stage.state(), stage.provider.requests) == ("missing", [])


def test_a_credential_that_is_deleted_or_changed_meanwhile_is_not_connected(stage: Stage) -> None:
    query = stage.provider.agree(stage.connect())
    assert stage.client.delete(f"/api/credentials/{stage.id}").status_code == 204
    assert "deleted meanwhile" in stage.back(query).message


def test_what_needs_no_connecting_is_refused(stage: Stage) -> None:
    body = {"name": "Key", "type": "http_header", "data": {"name": "X", "value": "v"}}
    made = stage.client.post("/api/credentials", json=body).json()
    assert made["connection"] == "unneeded"
    assert is_problem(stage.client.post(f"/api/credentials/{made['id']}/connect"), 422, "not_connectable")
    for action in ("connect", "test"):
        assert is_problem(stage.client.post(f"/api/credentials/{uuid.uuid4()}/{action}"), 404, "not_found")


def test_what_cannot_be_read_any_more_is_not_connected(stage: Stage) -> None:
    with tenant_session(uuid.UUID(stage.tenant)) as session:
        session.get_one(Credential, uuid.UUID(stage.id)).ciphertext = b"\0" * 32
    answer = stage.client.post(f"/api/credentials/{stage.id}/connect")
    assert is_problem(answer, 422, "cannot_connect")
    assert "cannot be read any more" in answer.json()["detail"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://", "ftp://x/y", "https://a b/", "https://u@h/x"])
def test_people_are_sent_to_web_addresses_only(stage: Stage, url: str) -> None:
    answer = stage.client.put(f"/api/credentials/{stage.id}", json={"name": "Shop", "data": {"authorizeUrl": url}})
    assert is_problem(answer, 422, "invalid_request")
    assert answer.json()["errors"][0]["field"] == "data.authorizeUrl"


def test_other_fields_mean_another_connection(stage: Stage) -> None:
    stage.connected()
    stage.put(allowedHosts="127.0.0.1", clientSecret="another secret")
    assert (stage.state(), stage.stored()[1] is None) == ("connected", False)
    stage.put(scope="orders")
    assert (stage.state(), stage.stored()[1]) == ("missing", None)


def test_a_stored_client_secret_and_tokens_go_to_no_other_server(stage: Stage) -> None:
    stage.connected()
    for data in ({"tokenUrl": "https://evil.example/token"}, {"testUrl": "https://evil.example/me"}):
        refused = stage.client.put(f"/api/credentials/{stage.id}", json={"name": "Shop", "data": data})
        assert is_problem(refused, 422, "secrets_needed")
        assert [entry["field"] for entry in refused.json()["errors"]] == ["data.clientSecret"]
        assert stage.state() == "connected"
    stage.put(tokenUrl=f"{stage.provider.url}/token?v=2")
    assert stage.state() == "missing", "another address, on the same server: connected anew"
    stage.connected()
    stage.put(testUrl="https://other.example/me", clientSecret=SECRET)
    assert (stage.state(), stage.stored()[1]) == ("missing", None), "the token would go there, too"


def test_tokens_without_a_client_secret_go_to_no_other_server_either(stage: Stage) -> None:
    stage.put(allowedHosts="127.0.0.1")
    stage.connected()
    stage.put(clientSecret=None)
    assert stage.state() == "connected"
    stage.put(allowedHosts="127.0.0.1, evil.example")
    assert (stage.state(), stage.stored()[1]) == ("missing", None)


def test_the_pages_policy_is_the_one_that_the_edge_sets() -> None:
    assert policies()["connected"]["Content-Security-Policy"] == POLICY


# Renewing


def test_a_token_is_renewed_before_its_end_and_the_rotated_one_is_kept(stage: Stage) -> None:
    stage.provider.lifetime = 60
    stage.connected()
    first = stage.open()
    assert stage.provider.grants_of("refresh_token") == 0
    stage.provider.lifetime = 1
    stage.put(clientSecret=SECRET)
    stage.open(refused=first["token"])
    time.sleep(0.6)  # half of its time is over
    third = stage.open()
    assert stage.provider.grants_of("refresh_token") == 2
    assert third["data"]["accessToken"] == stage.provider.tokens[-1].access_token
    assert stage.stored()[1].refresh == stage.provider.tokens[-1].refresh_token
    assert stage.state() == "connected"


def test_who_asks_at_once_renews_once(stage: Stage) -> None:
    refused = stage.connected().open()["token"]
    stage.provider.slowness = 0.3
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: stage.open(refused=refused), range(8)))
    assert stage.provider.grants_of("refresh_token") == 1
    assert {answer["token"] for answer in answers} == {stage.stored()[1].digest}
    assert refused not in {answer["token"] for answer in answers}


def test_access_that_the_provider_ended_is_to_be_connected_again(stage: Stage) -> None:
    refused = stage.connected().open()["token"]
    stage.provider.revoke()
    for _ in range(2):
        with pytest.raises(CredentialError, match="no longer connected") as caught:
            stage.open(refused=refused)
        assert "connect it again" in caught.value.remedy
    assert (stage.state(), stage.provider.grants_of("refresh_token")) == ("lost", 1)
    stage.connected()
    assert stage.state() == "connected"
    assert stage.open()["data"]["accessToken"] == stage.provider.tokens[-1].access_token


def test_one_that_was_never_connected_says_so(stage: Stage) -> None:
    with pytest.raises(CredentialError, match="“Shop” is not connected yet") as caught:
        stage.open()
    assert "connect it" in caught.value.remedy
    assert "is not connected yet" in verdict_of(stage)["message"]


def test_a_provider_that_is_away_ends_nothing(stage: Stage) -> None:
    stage.provider.lifetime = 2
    stage.connected()
    refused = stage.open()["token"]
    time.sleep(1.1)
    stage.provider.instead = ("down", 503)
    assert stage.open()["token"] == refused, "what still works is given"
    with pytest.raises(CredentialError, match="status 503") as caught:
        stage.open(refused=refused)
    assert type(caught.value).__name__ == "CredentialUnavailable"
    stage.provider.instead, stage.provider.lifetime = None, 3600
    assert stage.open(refused=refused)["token"] != refused
    assert stage.state() == "connected"


def test_a_client_that_the_provider_will_not_have_stays_connected(stage: Stage) -> None:
    refused = stage.connected().open()["token"]
    stage.put(clientSecret="wrong-secret")
    with pytest.raises(CredentialError, match="invalid_client") as caught:
        stage.open(refused=refused)
    assert "wrong-secret" not in str(caught.value)
    assert stage.state() == "connected"


def test_a_client_that_speaks_for_itself_needs_nobody(stage: Stage) -> None:
    data = {name: value for name, value in stage.provider.credential.items() if name != "authorizeUrl"}
    made = stage.client.post("/api/credentials", json={"name": "Bot", "type": "oauth2_client", "data": data}).json()
    assert made["connection"] == "unneeded"
    bot = Stage(stage.world, stage.provider, stage.client, made["id"], stage.database)
    tokens = {bot.open(type="oauth2_client")["token"] for _ in range(3)}
    assert (len(tokens), stage.provider.grants_of("client_credentials")) == (1, 1)
    assert bot.open(type="oauth2_client", refused=tokens.pop())["token"]
    assert stage.provider.grants_of("client_credentials") == 2


# Testing


def verdict_of(stage: Stage, id: str = "") -> dict[str, Any]:
    answer = stage.client.post(f"/api/credentials/{id or stage.id}/test")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_credential_that_works_is_told_from_one_that_does_not(stage: Stage) -> None:
    stage.connected()
    assert verdict_of(stage) == {"works": True, "message": "It works (status 200).", "status": 200}
    stage.provider.tokens[-1].issued_at = 0.0  # the server forgets the token, and the vault renews it
    assert verdict_of(stage)["works"] is True
    assert stage.provider.grants_of("refresh_token") == 1
    stage.provider.revoke()
    verdict = verdict_of(stage)
    assert (verdict["works"], stage.state()) == (False, "lost")
    assert "connect it again" in verdict["message"]


def test_a_test_quotes_the_server_and_no_secret(stage: Stage) -> None:
    data = {"name": "Authorization", "value": "Bearer tell-nobody", "testUrl": f"{stage.provider.url}/me"}
    made = stage.client.post("/api/credentials", json={"name": "K", "type": "http_header", "data": data}).json()
    verdict = verdict_of(stage, made["id"])
    assert (verdict["works"], verdict["status"]) == (False, 401)
    assert verdict["message"] == "The server answers with status 401 and says: The token … is not valid"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            {"testUrl": "https://elsewhere.example/me", "allowedHosts": "127.0.0.1"},
            "sent to elsewhere.example",
        ),
        ({"testUrl": "http://127.0.0.1:9/me"}, "127.0.0.1:9"),
    ],
)
def test_a_test_that_cannot_be_made_says_why(stage: Stage, data: dict[str, str], words: str) -> None:
    whole = {"name": "X-Key", "value": "tell-nobody", **data}
    made = stage.client.post("/api/credentials", json={"name": "K", "type": "http_header", "data": whole}).json()
    verdict = verdict_of(stage, made["id"])
    assert (verdict["works"], verdict["status"]) == (False, None)
    assert words in verdict["message"]


def test_what_has_no_test_is_refused(stage: Stage) -> None:
    for kind, data in (("smtp", {"host": "mail"}), ("http_header", {"name": "X", "value": "v"})):
        made = stage.client.post("/api/credentials", json={"name": kind, "type": kind, "data": data}).json()
        assert is_problem(stage.client.post(f"/api/credentials/{made['id']}/test"), 422, "not_testable")


def test_a_service_account_needs_nobody_and_its_key_stays_in_the_vault(stage: Stage) -> None:
    key = {"type": "service_account", "client_email": "robot@p.iam.gserviceaccount.com", "private_key": "hush-hush"}
    body = {"name": "Robot", "type": "google_service_account", "data": {"key": json.dumps(key)}}
    made = stage.client.post("/api/credentials", json=body).json()
    assert made["connection"] == "unneeded"
    robot = Stage(stage.world, stage.provider, stage.client, made["id"], stage.database)
    with pytest.raises(CredentialError, match=r"got no token. The key has a private_key that cannot be read") as caught:
        robot.open(type="google_service_account")
    assert "hush-hush" not in str(caught.value)
    assert is_problem(stage.client.post(f"/api/credentials/{made['id']}/connect"), 422, "not_connectable")


# Until when it can be renewed


DAY = 24 * 3600


def ends(stage: Stage) -> float | None:
    """Return in how many days the credential ends, as the list says."""
    [row] = [one for one in stage.client.get("/api/credentials").json()["items"] if one["id"] == stage.id]
    if row["endsAt"] is None:
        return None
    return round((datetime.fromisoformat(row["endsAt"]) - datetime.now(UTC)).total_seconds() / DAY, 2)


def expiring(stage: Stage, days: int) -> bool:
    found = stage.client.get("/api/credentials", params={"expiringWithin": days}).json()["items"]
    return stage.id in [one["id"] for one in found]


@pytest.mark.parametrize("name", ["refresh_token_expires_in", "refresh_expires_in", "x_refresh_token_expires_in"])
def test_a_provider_says_until_when_a_token_can_be_renewed(stage: Stage, name: str) -> None:
    stage.provider.more = {name: 40 * DAY}
    stage.connected()
    assert (ends(stage), expiring(stage, 30), expiring(stage, 45)) == (40, False, True)
    # A renewal that says nothing of it leaves it, one that does moves it, as connecting anew does.
    stage.provider.more = {}
    stage.open(refused=stage.stored()[1].digest)
    assert ends(stage) == 40
    stage.provider.more = {name: str(7 * DAY)}
    stage.open(refused=stage.stored()[1].digest)
    assert (ends(stage), expiring(stage, 30)) == (7, True)
    stage.provider.more = {}
    stage.connected()
    assert ends(stage) is None


@pytest.mark.parametrize("odd", [0, -5, "never", None, True, [], 1e300, 10**400, "1e999", "nan", 101 * 365 * DAY])
def test_what_is_no_time_loses_no_token(stage: Stage, odd: Any) -> None:
    """Keycloak says 0 of a token that does not end; none of these is a date that Postgres keeps."""
    stage.provider.more = {"refresh_token_expires_in": odd}
    stage.connected()
    assert (stage.state(), ends(stage)) == ("connected", None)
    token = stage.open(refused=stage.stored()[1].digest)["data"]["accessToken"]
    assert token == stage.provider.tokens[-1].access_token
    assert (stage.state(), ends(stage), len(stage.provider.tokens)) == ("connected", None, 2)
