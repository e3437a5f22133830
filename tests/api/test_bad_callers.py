"""Who tries what they may not is refused with the right status, and the workspace's audit tells of it."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import PASSWORD, World
from tests.api.test_audit import audit
from tests.api.test_factors import Person, clock, person  # noqa: F401 - fixtures
from tests.api.test_passwords import address, login
from tests.api.test_people import invited
from tests.api.test_routes import is_problem
from tests.api.test_sign_in import Office, office, server, somebody  # noqa: F401 - fixtures


def refusals(client: TestClient, action: str = "session.") -> list[tuple[str, str, Any]]:
    """Return what the audit has of refusals: action, kind of actor, why; the latest first."""
    found = [(one["action"], one["actorKind"], one["details"].get("why")) for one in audit(client, action=action)]
    return [one for one in found if one[0] != "session.began"]


def test_what_is_refused_is_counted_in_the_audit(world: World, person: Person) -> None:  # noqa: F811 - a fixture
    owner = person.client
    anonymous = world.anonymous()
    wrong = anonymous.post("/api/auth/login", json={"email": person.email, "password": "guess 1 guess"})
    assert is_problem(wrong, 401, "wrong_login")
    assert is_problem(owner.post("/api/me/confirm", json={"password": "guess 2 guess"}), 422, "wrong_password")
    person.with_app()
    challenge = person.challenge()
    assert is_problem(person.answer(challenge, code="000000"), 401, "wrong_factor")
    assert is_problem(person.answer(challenge, recoveryCode="aaaa-bbbb-cccc-dddd"), 401, "wrong_factor")
    found = refusals(owner)
    assert [why for *_, why in found] == ["factor", "factor", "password", "password"]
    assert {(action, kind) for action, kind, _ in found} == {
        ("session.refused", "visitor"),
        ("session.refused", "person"),
    }


def test_a_refresh_token_that_comes_again_is_in_the_audit(world: World) -> None:
    client = world.person()
    who = address(client)
    stolen = client.cookies["stepweave_refresh"]
    client.post("/api/auth/refresh")
    thief = world.anonymous()
    thief.cookies.set("stepweave_refresh", stolen)
    thief.headers["User-Agent"] = "curl/8.5"
    assert is_problem(thief.post("/api/auth/refresh"), 401, "session_reused")
    assert client.get("/api/me").status_code == 401
    client.headers["Authorization"] = f"Bearer {login(world, who, PASSWORD).json()['accessToken']}"
    assert [action for action, *_ in refusals(client)] == ["session.reused"]


def test_an_invitation_in_other_hands_is_told_to_who_invited(world: World) -> None:
    owner, thief = world.person(), world.person()
    token = invited(world, owner)
    for _ in range(2):
        answer = thief.post("/api/auth/invitation/accept", json={"token": token})
        assert is_problem(answer, 403, "invitation_for_another")
    assert [one["action"] for one in audit(owner, action="member.invitation_refused")] == [
        "member.invitation_refused"
    ] * 2


def test_who_a_provider_does_not_let_in_is_in_its_workspaces_audit(office: Office) -> None:  # noqa: F811 - a fixture
    assert office.arrive(**{**somebody(), "email": "ann@other.example"})[0] == "/login?problem=domain"
    client = office.world.anonymous()
    url = office.start(client)
    assert office.back(office.world.anonymous(), url, office.provider.sign_in(url, **somebody()))[1] is False
    assert [why for *_, why in refusals(office.owner)] == ["provider: browser", "provider: domain"]


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=1", "a\nLocation: https://evil.example", "\u2028x", "a\0b"])
def test_a_name_gets_into_no_header(world: World, name: str) -> None:
    client = world.person()
    answer = client.patch("/api/me", json={"name": name})
    assert answer.status_code in (200, 400, 422), answer.text
    assert {"x", "location"}.isdisjoint(answer.headers)
    session = login(world, address(client), PASSWORD)
    assert "evil.example" not in str(session.headers)
    exported = client.get("/api/audit/export", params={"format": "csv", "search": name.replace("\0", "")})
    assert exported.status_code in (200, 422), exported.text
    assert "evil.example" not in str(exported.headers)
