"""What broke people, invitations, factors, keys and limits in products like this one: sent here (repo#number each)."""

import uuid
from typing import Any

import psycopg
import pytest

from api.services import limits
from tests.api.conftest import PASSWORD, World
from tests.api.test_api_keys import made as key_made
from tests.api.test_api_keys import with_key
from tests.api.test_examples import well
from tests.api.test_factors import Person, clock, person  # noqa: F401 - fixtures
from tests.api.test_limits import log_in
from tests.api.test_passwords import address
from tests.api.test_people import invited, joined
from tests.api.test_quotas import plan, used  # noqa: F401 - a fixture
from tests.api.test_recovering import link, mailing  # noqa: F401 - a fixture
from tests.api.test_recovering import person as somebody_with_mail
from tests.api.test_routes import is_problem, made, workflow
from tests.api.test_sign_in import Office, office, server  # noqa: F401 - fixtures
from tests.fixtures.servers import Databases

# ruff: noqa: F811 - fixtures are named as they are imported


# Invitations


def test_an_invitation_is_for_an_address_however_it_is_written(world: World) -> None:
    """windmill#1361, posthog#13571, outline#3364, hyperdx#1482, wp-calypso#114133: another case was another person."""
    owner, guest = world.person(), world.person()
    mine = address(guest)
    token = invited(world, owner, to=mine)
    again = owner.post("/api/invitations", json={"email": mine.upper(), "role": "viewer"})
    assert is_problem(again, 409, "already_invited")
    assert guest.post("/api/auth/invitation/accept", json={"token": token}).status_code == 200
    upper = f"Ada.{uuid.uuid4().hex[:8]}@Example.COM"
    assert owner.post("/api/invitations", json={"email": upper, "role": "viewer"}).json()["email"] == upper.lower()


def test_two_of_the_same_name_at_two_addresses_are_two_people(world: World) -> None:
    """wekan#825: the second was refused, for its name was taken."""
    owner, name = world.person(), f"john.{uuid.uuid4().hex[:8]}"
    for domain in ("foo.example", "bar.example"):
        answer = owner.post("/api/invitations", json={"email": f"{name}@{domain}", "role": "viewer"})
        assert answer.status_code == 201, answer.text


def test_who_has_an_account_elsewhere_is_mailed_an_invitation_too(world: World) -> None:
    """activepieces#2883: no mail came to who was in another team already."""
    owner, guest = world.person(), world.person()
    other = world.person()
    for host in (owner, other):
        token = invited(world, host, to=address(guest))
        answer = guest.post("/api/auth/invitation/accept", json={"token": token})
        assert answer.status_code == 200, answer.text
        guest.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
    assert len(well(guest.get("/api/tenants"))["items"]) == 3


@pytest.mark.parametrize("path", ["invitation/accept", "invitation/register", "invitation"])
def test_nobody_accepts_by_the_ids_of_who_invites_and_who_is_asked(world: World, path: str) -> None:
    """github/advisory-database#7110 (n8n): the ids of both were enough to set the password of who was asked."""
    owner = world.person()
    invited(world, owner)
    asked = well(owner.get("/api/invitations"))["items"][0]
    me = well(owner.get("/api/me"))["user"]["id"]
    for body in (
        {"inviterId": me, "inviteeId": asked["id"], "name": "Eve", "password": PASSWORD},
        {"token": asked["id"], "name": "Eve", "password": PASSWORD},
        {"token": me, "name": "Eve", "password": PASSWORD},
    ):
        answer = world.anonymous().post(f"/api/auth/{path}", json=body)
        assert answer.status_code in (401, 404, 405, 410, 422), answer.text
    assert [one["id"] for one in well(owner.get("/api/invitations"))["items"]] == [asked["id"]]


def test_who_was_invited_and_comes_by_the_provider_has_the_role_of_the_invitation(office: Office) -> None:
    """activepieces#6739: whom the API had invited got an error at their first sign-in by the provider."""
    to = f"{uuid.uuid4().hex[:9]}@corp.example"
    invited(office.world, office.owner, "viewer", to=to)
    inside = office.entered(sub=uuid.uuid4().hex, email=to)
    assert well(inside.get("/api/me"))["role"] == "viewer"
    assert well(office.owner.get("/api/invitations"))["items"] == []


def test_where_nobody_new_is_let_in_those_who_were_invited_are(office: Office) -> None:
    """activepieces#4833, #6760: who was invited waited for ever before a door that was for them."""
    assert office.put(makesMembers=False).status_code == 200
    to = f"{uuid.uuid4().hex[:9]}@corp.example"
    invited(office.world, office.owner, "viewer", to=to)
    assert office.arrive(sub="eve", email=f"eve.{to}") == ("/login?problem=not_invited", False)
    inside = office.entered(sub=uuid.uuid4().hex, email=to)
    assert well(inside.get("/api/me"))["role"] == "viewer"


# Second factors


def test_recovery_codes_are_copied_by_hand_as_slowly_as_one_writes(person: Person) -> None:
    """n8n#22637: after ten minutes of writing they were void."""
    code = person.with_app()[-1]
    person.clock.step(40)
    assert person.answer(person.challenge(), recoveryCode=code).status_code == 200


def test_the_app_uses_up_no_recovery_code(person: Person) -> None:
    """n8n#7907: ten log-ins by the app, and none was left."""
    codes = person.with_app()
    for _ in range(len(codes) + 1):
        assert person.answer(person.challenge(), code=person.code()).status_code == 200
        person.clock.step()
    assert well(person.client.get("/api/me/factors"))["recoveryCodesLeft"] == len(codes)


def test_wrong_codes_of_the_app_keep_no_recovery_code_out(person: Person) -> None:
    """ayunis-core#940, n8n#29146: five wrong codes, and the recovery code was not looked at either."""
    code = person.with_app()[0]
    challenge = person.challenge()
    for _ in range(5):
        assert person.answer(challenge, code="000000").status_code == 401
    assert person.answer(person.challenge(), recoveryCode=code).status_code == 200


# Log-ins and limits


def test_who_resets_their_password_is_let_in_at_once(mailing: World) -> None:
    """dify#17939, dify#11986: the password was new, and the door stayed shut for a day."""
    client, who = somebody_with_mail(mailing)
    for _ in range(limits.PAIR.most + 1):
        last = log_in(client, who, "wrong wrong 9")
    assert last == 429
    assert client.post("/api/auth/reset-mail", json={"email": who}).status_code == 202
    new = "another horse 77"
    assert client.post("/api/auth/reset", json={"token": link(mailing, who), "password": new}).status_code == 200
    assert log_in(client, who, new) == 200


def test_a_month_that_is_over_takes_no_room_of_the_next(world: World, plan: Any, databases: Databases) -> None:
    """dify#29118: the mail told of a new month, and the limit stayed reached."""
    client = world.person()
    id = made(client)["id"]
    plan(client, executions=2)
    assert [client.post(f"/api/workflows/{id}/run", json={}).status_code for _ in range(3)] == [202, 202, 402]
    tenant = well(client.get("/api/me"))["tenant"]["id"]
    with psycopg.connect(databases.owner) as connection:
        connection.execute(
            "UPDATE usage_months SET month = (month - interval '1 month')::date WHERE tenant_id = %s", (tenant,)
        )
    world.redis.flushdb()
    assert used(client)["executions"][0] == 0
    assert client.post(f"/api/workflows/{id}/run", json={}).status_code == 202


def test_no_answer_is_kept_by_a_browser_for_who_logs_in_next(world: World) -> None:
    """langflow#6151: the flows of who had logged out were shown to who logged in after them."""
    client = world.person()
    for path in ("/api/workflows", "/api/me", "/api/folders", "/api/credentials", "/api/audit"):
        assert client.get(path).headers["cache-control"] == "no-store", path


def test_a_renewed_session_has_another_token(world: World) -> None:
    """langflow#2787, langflow#1511: the token that had expired came back."""
    client = world.person()
    first = client.post("/api/auth/refresh").json()["accessToken"]
    cookie = client.cookies["stepweave_refresh"]
    second = client.post("/api/auth/refresh")
    assert second.status_code == 200
    assert client.cookies["stepweave_refresh"] != cookie
    for token in (first, second.json()["accessToken"]):
        client.headers["Authorization"] = f"Bearer {token}"
        assert client.get("/api/me").status_code == 200


# API keys


def test_each_scope_of_a_key_counts_and_no_other(world: World) -> None:
    """n8n#26642: a key for executions and workflows got 403 at both."""
    client = world.person()
    key = with_key(world, key_made(client, ["executions.read", "workflows.read"])["text"])
    assert key.get("/api/workflows").status_code == 200
    assert key.get("/api/executions").status_code == 200
    for answer in (key.post("/api/workflows", json=workflow()), key.get("/api/credentials"), key.get("/api/keys")):
        assert answer.status_code == 403, answer.text


def test_a_key_goes_on_when_its_owner_has_logged_out_everywhere(world: World) -> None:
    """Flowise#3748: a key was good as long as somebody was logged in."""
    client = world.person()
    key = with_key(world, key_made(client)["text"])
    well(client.post("/api/auth/logout"), 204)
    assert key.get("/api/workflows").status_code == 200


def test_a_key_for_one_project_lists_and_counts_nothing_of_another(world: World) -> None:
    """windmill#9581, #9582: lists and searches forgot the scope that single things kept."""
    client = world.person()
    project = well(client.post("/api/projects", json={"name": "Own"}), 201)["id"]
    mine = well(client.post("/api/workflows", params={"projectId": project}, json=workflow()), 201)
    other = made(client)
    key = with_key(world, key_made(client, projectIds=[project])["text"])
    assert [one["id"] for one in well(key.get("/api/workflows"))["items"]] == [mine["id"]]
    assert is_problem(key.get(f"/api/workflows/{other['id']}"), 404, "not_found")
    assert [one["id"] for one in well(key.get("/api/workflows", params={"search": "W"}))["items"]] == [mine["id"]]


def test_who_came_by_a_provider_makes_keys_too(office: Office) -> None:
    """SecObserve#4850: a key asked for a password that such people have not."""
    inside = office.entered(sub=uuid.uuid4().hex, email=f"{uuid.uuid4().hex[:9]}@corp.example")
    key = with_key(office.world, key_made(inside)["text"])
    assert key.get("/api/workflows").status_code == 200


@pytest.mark.parametrize("days", [0, -1, 100_000, 1.5, "never", None])
def test_a_key_has_an_end_that_is_a_number_of_days(world: World, days: Any) -> None:
    """n8n#21672, Uninett/nav#278: an end in the past, or none, by mistake."""
    client = world.person()
    answer = client.post("/api/keys", json={"name": "CI", "permissions": ["workflows.read"], "days": days})
    assert is_problem(answer, 422, "invalid_request"), answer.text


def test_a_viewer_makes_and_removes_no_credential(world: World) -> None:
    """activepieces#4034: a viewer added and deleted connections."""
    owner = world.person()
    data = {"host": "db.example.com", "database": "d", "user": "u", "password": "p"}
    body = {"name": "Shop", "type": "postgres", "data": data}
    id = well(owner.post("/api/credentials", json=body), 201)["id"]
    viewer = joined(world, owner, "viewer")
    assert is_problem(viewer.post("/api/credentials", json=body), 403, "not_allowed")
    assert is_problem(viewer.delete(f"/api/credentials/{id}"), 403, "not_allowed")
    assert is_problem(viewer.put(f"/api/credentials/{id}", json=body), 403, "not_allowed")
