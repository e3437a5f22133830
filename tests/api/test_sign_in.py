"""Signing in by a workspace's identity provider: the way, and what a hostile one, or somebody between, tries."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi.testclient import TestClient

from api import deps
from api.services.sign_in.arriving import own_page
from tests.api.conftest import PASSWORD, World, email
from tests.api.test_passwords import login
from tests.api.test_routes import is_problem
from tests.fixtures.oidc import CLIENT, SECRET, Provider, serving


@dataclass
class Office:
    """A workspace with a provider."""

    world: World
    provider: Provider
    owner: TestClient
    slug: str

    def put(self, **changes: Any) -> Any:
        body = {
            "name": "Corp",
            "issuer": self.provider.url,
            "clientId": CLIENT,
            "clientSecret": SECRET,
            "domains": ["corp.example"],
            "defaultRole": "editor",
        }
        return self.owner.put("/api/tenant/sign-in", json=body | changes)

    def start(self, client: TestClient, to: str = "/workflows") -> str:
        """Begin; return where the provider's log-in page is."""
        answer = client.get("/api/auth/oidc/start", params={"workspace": self.slug, "to": to}, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def back(self, client: TestClient, url: str, query: dict[str, str]) -> tuple[str, bool]:
        """Come back; return where it leads, and whether there is a session."""
        path = urlsplit(dict(parse_qsl(urlsplit(url).query))["redirect_uri"]).path
        answer = client.get(path, params=query, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"]), "stepweave_refresh=" in answer.headers.get("set-cookie", "")

    def arrive(self, client: TestClient | None = None, /, **about: Any) -> tuple[str, bool]:
        """Go the whole way."""
        browser = client or self.world.anonymous()
        url = self.start(browser)
        return self.back(browser, url, self.provider.sign_in(url, **about))

    def entered(self, **about: Any) -> TestClient:
        """Return a client that a provider vouched for."""
        client = self.world.anonymous()
        assert self.arrive(client, **about) == ("/workflows", True)
        return renewed(client)


def renewed(client: TestClient) -> TestClient:
    session = client.post("/api/auth/refresh")
    assert session.status_code == 200, session.text
    client.headers["Authorization"] = f"Bearer {session.json()['accessToken']}"
    return client


def somebody() -> dict[str, str]:
    name = uuid.uuid4().hex[:10]
    return {"sub": name, "email": f"{name}@corp.example"}


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with serving() as provider:
        yield provider


@pytest.fixture
def office(world: World, server: Provider, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    server.bend, server.says, server.userinfo = None, {}, None
    owner = world.person()
    made = Office(world, server, owner, owner.get("/api/me").json()["tenant"]["slug"])
    answer = made.put()
    assert answer.status_code == 200, answer.text
    return made


# The way


def test_somebody_new_becomes_a_member_and_comes_back_as_the_same(office: Office) -> None:
    who = somebody()
    client = office.entered(**who, name="Ann Other")
    me = client.get("/api/me").json()
    assert (me["role"], me["user"]["email"], me["user"]["name"]) == ("editor", who["email"], "Ann Other")
    again = office.entered(**who).get("/api/me").json()
    assert again["user"]["id"] == me["user"]["id"]
    assert is_problem(login(office.world, who["email"], PASSWORD), 401, "wrong_login")


def test_the_secret_is_never_shown(office: Office) -> None:
    answer = office.owner.get("/api/tenant/sign-in")
    assert answer.json()["provider"]["redirectUrl"].startswith("http://stepweave.test/api/auth/oidc/")
    assert SECRET not in answer.text
    assert office.put(clientSecret=None, name="Corp 2").status_code == 200
    moved = office.put(clientSecret=None, clientId="other")
    assert is_problem(moved, 422, "secrets_needed")
    viewer = office.entered(**somebody())
    assert is_problem(viewer.get("/api/tenant/sign-in"), 403, "not_allowed")


def test_a_provider_that_does_not_work_is_told_of_at_once(office: Office) -> None:
    office.provider.says = {"issuer": "https://elsewhere.example"}
    wrong = office.put()
    assert is_problem(wrong, 422, "provider_failed")
    assert "calls itself https://elsewhere.example" in wrong.json()["errors"][0]["message"]
    office.provider.says = {"jwks_uri": None}
    assert is_problem(office.put(), 422, "provider_failed")
    assert is_problem(office.put(issuer="file:///etc/passwd"), 422, "invalid_request")
    assert is_problem(office.put(domains=["*"]), 422, "invalid_request")


def test_an_address_comes_from_userinfo_where_the_token_has_none(office: Office) -> None:
    who = somebody()
    office.provider.bend = lambda c: office.provider.signed({k: v for k, v in c.items() if "email" not in k})
    office.provider.userinfo = {**who, "email_verified": True, "name": "Ann"}
    assert office.arrive(**who)[1]
    office.provider.userinfo = {**who, "sub": "somebody else", "email_verified": True}
    assert office.arrive(**who) == ("/login?problem=provider", False)


# Who gets in


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"email_verified": False}, "unverified"),
        ({"email_verified": None}, "unverified"),
        ({"email_verified": "false"}, "unverified"),
        ({"email": "eve@evil.example"}, "domain"),
        ({"email": "eve@corp.example.evil.example"}, "domain"),
        ({"email": "eve@evil.example@corp.example"}, "no_address"),
        ({"email": "eve@corp.example, x@corp.example"}, "no_address"),
        ({"email": "eve@cörp.example"}, "no_address"),
        ({"email": None}, "no_address"),
        ({"email": ["ann@corp.example"]}, "no_address"),
    ],
)
def test_addresses_that_do_not_get_in(office: Office, about: dict[str, Any], reason: str) -> None:
    assert office.arrive(**{"sub": "eve", **about}) == (f"/login?problem={reason}", False)


def test_an_account_that_is_there_is_never_taken_by_its_address(office: Office) -> None:
    victim, address = office.world.anonymous(), f"{uuid.uuid4().hex[:9]}@corp.example"
    office.world.redis.flushdb()
    body = {"email": address, "password": PASSWORD, "name": "V", "tenantName": "Victims"}
    assert victim.post("/api/auth/register", json=body).status_code == 201
    assert office.arrive(sub="eve", email=address) == ("/login?problem=account_exists", False)
    assert office.arrive(sub="eve", email=address.upper()) == ("/login?problem=account_exists", False)


def test_without_new_members_only_those_who_are_linked_get_in(office: Office) -> None:
    who = somebody()
    assert office.put(makesMembers=False).status_code == 200
    assert office.arrive(**who) == ("/login?problem=not_invited", False)


def test_an_account_is_linked_by_who_is_logged_in_to_it(office: Office) -> None:
    begun = office.owner.post("/api/me/identity")
    assert begun.status_code == 200, begun.text
    url = begun.json()["authorizeUrl"]
    assert office.back(office.owner, url, office.provider.sign_in(url, sub="boss")) == ("/settings", False)
    assert office.owner.get("/api/me/identity").json() == {"provider": "Corp", "linked": True}
    inside = office.entered(sub="boss", email="other@corp.example").get("/api/me").json()
    assert inside["user"]["id"] == office.owner.get("/api/me").json()["user"]["id"]
    other = office.entered(**somebody())
    assert is_problem(other.post("/api/me/identity"), 403, "signed_in_by_provider")


def test_a_link_that_somebody_else_began_links_nothing(office: Office) -> None:
    url = office.owner.post("/api/me/identity").json()["authorizeUrl"]
    victim = office.world.anonymous()
    assert office.back(victim, url, office.provider.sign_in(url, sub="victim")) == ("/login?problem=browser", False)
    assert office.owner.get("/api/me/identity").json()["linked"] is False


def test_a_vouched_session_does_not_reach_how_its_person_signs_in(office: Office) -> None:
    client = office.entered(**somebody())
    assert client.get("/api/workflows").status_code == 200
    for path in ("/api/me/factors/app", "/api/me/passkeys/options", "/api/me/factors/recovery-codes"):
        assert is_problem(client.post(path), 403, "signed_in_by_provider")
    assert is_problem(client.post("/api/me/confirm", json={"password": "x"}), 403, "signed_in_by_provider")


def test_who_was_removed_is_not_let_in_again(office: Office, databases: Any) -> None:
    import psycopg

    who = somebody()
    id = office.entered(**who).get("/api/me").json()["user"]["id"]
    with psycopg.connect(databases.owner) as connection:
        connection.execute("DELETE FROM memberships WHERE user_id = %s", (id,))
    assert office.arrive(**who) == ("/login?problem=not_invited", False)


# The only way


def test_where_it_is_the_only_way_passwords_lead_nowhere_but_for_owners(office: Office, databases: Any) -> None:
    import psycopg

    client = office.world.person()
    address = client.get("/api/me").json()["user"]["email"]
    tenant = office.owner.get("/api/me").json()["tenant"]["id"]
    with psycopg.connect(databases.owner) as connection:
        user = client.get("/api/me").json()["user"]["id"]
        connection.execute("DELETE FROM memberships WHERE user_id = %s", (user,))
        connection.execute(
            "INSERT INTO memberships (tenant_id, user_id, role) VALUES (%s, %s, 'editor')", (tenant, user)
        )
    assert office.put(onlyWay=True).status_code == 200
    session = login(office.world, address, PASSWORD).json()
    assert session["providerOnly"] is True
    client.headers["Authorization"] = f"Bearer {session['accessToken']}"
    assert is_problem(client.get("/api/workflows"), 403, "provider_only")
    assert client.post("/api/me/identity").status_code == 200, "to link is what they may"
    owner = login(office.world, office.owner.get("/api/me").json()["user"]["email"], PASSWORD)
    assert owner.json()["providerOnly"] is False


def test_sessions_end_with_the_provider_that_vouched_for_them(office: Office) -> None:
    client = office.entered(**somebody())
    assert office.owner.delete("/api/tenant/sign-in").status_code == 204
    assert client.post("/api/auth/refresh").status_code == 401
    assert client.get("/api/workflows").status_code == 401
    assert office.owner.get("/api/tenant/sign-in").json()["provider"] is None


def test_another_issuers_subjects_are_other_people(office: Office) -> None:
    who = somebody()
    client = office.entered(**who)
    begun = office.world.anonymous()
    url = office.start(begun)
    office.provider.url, former = office.provider.url.replace("127.0.0.1", "localhost"), office.provider.url
    try:
        assert office.put().status_code == 200
        assert client.get("/api/workflows").status_code == 401
        assert office.arrive(**who) == ("/login?problem=account_exists", False)
        late = office.back(begun, url, office.provider.sign_in(url, **who))
        assert late == ("/login?problem=expired", False), "begun with the former one"
    finally:
        office.provider.url = former


# Tokens that lie


def hmac_signed(office: Office, claims: dict[str, Any]) -> str:
    """Sign with the public key as if it were a shared secret."""
    return jwt.encode(claims, "k" * 32 + SECRET, algorithm="HS256", headers={"kid": "k1"})


BENT: dict[str, Any] = {
    "no signature": lambda o, c: jwt.encode(c, "", algorithm="none", headers={"kid": "k1"}),
    "the client's secret": hmac_signed,
    "another key": lambda o, c: o.provider.signed(c, ec.generate_private_key(ec.SECP256R1())),
    "an unknown key": lambda o, c: o.provider.signed(c, kid="k2"),
    "another audience": lambda o, c: o.provider.signed({**c, "aud": "another app"}),
    "several audiences": lambda o, c: o.provider.signed({**c, "aud": [CLIENT, "another app"]}),
    "another party": lambda o, c: o.provider.signed({**c, "azp": "another app"}),
    "another issuer": lambda o, c: o.provider.signed({**c, "iss": "https://elsewhere.example"}),
    "expired": lambda o, c: o.provider.signed({**c, "exp": int(time.time()) - 120}),
    "of tomorrow": lambda o, c: o.provider.signed({**c, "iat": int(time.time()) + 86400}),
    "no end": lambda o, c: o.provider.signed({k: v for k, v in c.items() if k != "exp"}),
    "no nonce": lambda o, c: o.provider.signed({k: v for k, v in c.items() if k != "nonce"}),
    "another nonce": lambda o, c: o.provider.signed({**c, "nonce": "of another sign-in"}),
    "nobody": lambda o, c: o.provider.signed({**c, "sub": ""}),
    "no token": lambda o, c: "no.token.atall",
    "critical header": lambda o, c: o.provider.signed(c, crit=["x"], x=1),
}


@pytest.mark.parametrize("bend", BENT.values(), ids=BENT.keys())
def test_id_tokens_that_do_not_count(office: Office, bend: Any) -> None:
    office.provider.bend = lambda claims: bend(office, claims)
    assert office.arrive(**somebody()) == ("/login?problem=provider", False)


def test_the_nonce_of_one_sign_in_is_no_other(office: Office) -> None:
    kept: list[str] = []
    office.provider.bend = lambda claims: kept.append(office.provider.signed(claims))
    assert office.arrive(**somebody())[1]
    office.provider.bend = lambda claims: kept[0]
    assert office.arrive(**somebody()) == ("/login?problem=provider", False)


# States, codes and addresses


def test_a_state_counts_once_in_one_browser(office: Office) -> None:
    client = office.world.anonymous()
    url = office.start(client)
    query = office.provider.sign_in(url, **somebody())
    assert office.back(office.world.anonymous(), url, query) == ("/login?problem=browser", False)
    assert office.back(client, url, query) == ("/login?problem=expired", False), "a state that was tried is used up"
    url = office.start(client)
    query = office.provider.sign_in(url, **somebody())
    assert office.back(client, url, query)[1]
    assert office.back(client, url, query) == ("/login?problem=expired", False)
    for state in ("", "x", "\0", "é" * 500):
        assert office.back(client, url, {"state": state, "code": "c"}) == ("/login?problem=expired", False)


def test_an_answer_of_one_provider_is_not_taken_to_another(office: Office) -> None:
    """RFC 9700, 4.4: a hostile provider leads somebody on to an honest one, and would be sent its code."""
    honest_owner = office.world.person()
    honest = Office(office.world, office.provider, honest_owner, honest_owner.get("/api/me").json()["tenant"]["slug"])
    assert honest.put().status_code == 200
    client = office.world.anonymous()
    mine, theirs = office.start(client), honest.start(client)
    code = office.provider.sign_in(theirs, **somebody())["code"]
    state = parse_qs(urlsplit(mine).query)["state"][0]
    asked = len(office.provider.forms)
    assert honest.back(client, theirs, {"state": state, "code": code}) == ("/login?problem=provider", False)
    assert len(office.provider.forms) == asked, "the code went nowhere"


def test_an_answer_that_names_another_issuer_is_refused(office: Office) -> None:
    client = office.world.anonymous()
    url = office.start(client)
    query = office.provider.sign_in(url, **somebody())
    assert office.back(client, url, {**query, "iss": "https://evil.example"}) == ("/login?problem=provider", False)
    office.provider.says = {"authorization_response_iss_parameter_supported": True}
    url = office.start(client)
    assert office.back(client, url, office.provider.sign_in(url, **somebody()))[1] is False
    url = office.start(client)
    query = office.provider.sign_in(url, **somebody())
    assert office.back(client, url, {**query, "iss": office.provider.url})[1]


@pytest.mark.parametrize(
    "to",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:x", "", "/a\r\nb"],
)
def test_no_way_back_leads_to_another_site(office: Office, to: str) -> None:
    assert own_page(to) == "/"
    client = office.world.anonymous()
    url = office.start(client, to)
    assert office.back(client, url, office.provider.sign_in(url, **somebody())) == ("/", True)


def test_who_says_no_is_not_let_in(office: Office) -> None:
    client = office.world.anonymous()
    state = parse_qs(urlsplit(office.start(client)).query)["state"][0]
    url = office.start(client)
    assert office.back(client, url, {"state": state, "error": "access_denied"}) == ("/login?problem=denied", False)


# Finding it


def test_a_workspace_is_found_by_its_name_and_by_a_domain_that_it_has_proven(office: Office) -> None:
    client, domain = office.world.anonymous(), f"{uuid.uuid4().hex[:8]}.example"
    found = {"workspace": office.slug, "name": "Corp"}
    assert client.post("/api/auth/oidc/find", json={"workspace": office.slug}).json() == found
    assert is_problem(client.post("/api/auth/oidc/find", json={"workspace": "nobody"}), 404, "no_sign_in")
    assert office.put(domains=[domain]).status_code == 200
    address = {"workspace": f"ann@{domain}"}
    assert is_problem(client.post("/api/auth/oidc/find", json=address), 404, "no_sign_in")
    records: dict[str, list[str]] = {}
    office.world.app.dependency_overrides[deps.dns_texts] = lambda: lambda name: records.get(name, [])
    assert office.owner.post("/api/tenant/sign-in/domains").json()["proven"] == []
    told = office.owner.get("/api/tenant/sign-in").json()["provider"]
    records[f"{told['recordName']}.{domain}"] = ["v=spf1 -all", told["record"]]
    assert office.owner.post("/api/tenant/sign-in/domains").json()["proven"] == [domain]
    assert client.post("/api/auth/oidc/find", json=address).json() == found
    rival = Office(office.world, office.provider, office.world.person(), "")
    assert rival.put(domains=[domain]).status_code == 200
    assert rival.owner.post("/api/tenant/sign-in/domains").json()["proven"] == [], "the record is another workspace's"


def test_another_workspaces_provider_is_out_of_reach(office: Office) -> None:
    other = office.world.person()
    assert other.get("/api/tenant/sign-in").json()["provider"] is None
    assert is_problem(other.delete("/api/tenant/sign-in"), 404, "not_found")
    assert other.get("/api/me/identity").json() == {"provider": None, "linked": False}
    assert email() != office.slug
