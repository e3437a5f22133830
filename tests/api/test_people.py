"""Members, roles, invitations, several workspaces: who may do what to whom, and what hostile members try."""

import re
import threading
import uuid
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.services.accounts import slug_of
from api.services.invitations import harmless
from tests.api.conftest import PASSWORD, World, email
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases


def me(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/me").json()
    return found


def enter(client: TestClient, session: Any) -> TestClient:
    assert session.status_code in (200, 201), session.text
    client.headers["Authorization"] = f"Bearer {session.json()['accessToken']}"
    return client


def invited(world: World, owner: TestClient, role: str = "editor", to: str = "", **more: Any) -> str:
    """Invite somebody and return the token that the mail has."""
    to = to or email()
    answer = owner.post("/api/invitations", json={"email": to, "role": role, **more})
    assert answer.status_code == 201, answer.text
    address, _, text = world.mails.sent[-1]
    assert address == to
    found = re.search(r"http://stepweave\.test/invitation#([A-Za-z0-9_-]+)", text)
    assert found, text
    return found[1]


def joined(world: World, owner: TestClient, role: str = "editor", **more: Any) -> TestClient:
    """Return the client of a new person who accepted an invitation."""
    body = {"token": invited(world, owner, role, **more), "name": role.title(), "password": PASSWORD}
    world.redis.flushdb()  # one address registers everybody here
    client = world.anonymous()
    return enter(client, client.post("/api/auth/invitation/register", json=body))


# Invitations


def test_somebody_new_is_invited_and_is_a_member(world: World) -> None:
    owner, to = world.person(), email()
    token = invited(world, owner, "operator", to)
    client = world.anonymous()
    shown = client.post("/api/auth/invitation", json={"token": token}).json()
    tenant = me(owner)["tenant"]
    assert (shown["tenant"], shown["email"], shown["role"], shown["hasAccount"]) == (
        tenant["name"],
        to,
        "operator",
        False,
    )
    assert [one["email"] for one in owner.get("/api/invitations").json()["items"]] == [to]
    body = {"token": token, "name": "Bob", "password": PASSWORD}
    enter(client, client.post("/api/auth/invitation/register", json=body))
    who = me(client)
    assert (who["user"]["email"], who["tenant"]["id"], who["role"]) == (to, tenant["id"], "operator")
    assert "executions.run" in who["permissions"]
    assert "workflows.write" not in who["permissions"]
    assert owner.get("/api/invitations").json()["items"] == []
    assert is_problem(client.post("/api/auth/invitation/register", json=body), 410, "invitation_gone")
    assert {one["role"] for one in owner.get("/api/members").json()["items"]} == {"owner", "operator"}


def test_somebody_with_an_account_accepts_and_goes_from_one_workspace_to_another(world: World) -> None:
    owner, guest = world.person(), world.person()
    own, here = me(guest), me(owner)["tenant"]["id"]
    token = invited(world, owner, "viewer", own["user"]["email"])
    assert guest.post("/api/auth/invitation", json={"token": token}).json()["hasAccount"]
    taken = guest.post("/api/auth/invitation/register", json={"token": token, "name": "X", "password": PASSWORD})
    assert is_problem(taken, 409, "email_taken")
    before = guest.headers["Authorization"]
    enter(guest, guest.post("/api/auth/invitation/accept", json={"token": token}))
    assert (me(guest)["tenant"]["id"], me(guest)["role"]) == (here, "viewer")
    assert is_problem(guest.get("/api/me", headers={"Authorization": before}), 401, "session_expired")
    listed = guest.get("/api/tenants").json()["items"]
    assert {one["id"]: one["role"] for one in listed} == {own["tenant"]["id"]: "owner", here: "viewer"}
    enter(guest, guest.post("/api/auth/switch", json={"tenantId": own["tenant"]["id"]}))
    assert me(guest)["role"] == "owner"
    made(guest)
    enter(guest, guest.post("/api/auth/switch", json={"tenantId": here}))
    assert guest.get("/api/workflows").json()["items"] == []
    assert is_problem(guest.post("/api/workflows", json=workflow()), 403, "not_allowed")
    # A login goes where one was last.
    again = world.anonymous()
    session = again.post("/api/auth/login", json={"email": own["user"]["email"], "password": PASSWORD})
    assert session.json()["tenant"]["id"] == here


def test_an_invitation_is_for_one_address(world: World) -> None:
    owner, thief = world.person(), world.person()
    token = invited(world, owner)
    answer = thief.post("/api/auth/invitation/accept", json={"token": token})
    assert is_problem(answer, 403, "invitation_for_another")
    assert len(owner.get("/api/members").json()["items"]) == 1
    assert len(owner.get("/api/invitations").json()["items"]) == 1


def test_links_that_are_old_withdrawn_or_sent_anew_are_good_no_more(world: World, databases: Databases) -> None:
    owner, client = world.person(), world.anonymous()
    first = invited(world, owner)
    (asked,) = owner.get("/api/invitations").json()["items"]
    assert owner.post(f"/api/invitations/{asked['id']}/resend").status_code == 200
    assert is_problem(client.post("/api/auth/invitation", json={"token": first}), 410, "invitation_gone")
    second = world.mails.sent[-1][2].split("#")[1].split()[0]
    assert client.post("/api/auth/invitation", json={"token": second}).status_code == 200
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE invitations SET expires_at = now() - interval '1 s' WHERE id = %s", (asked["id"],))
    join = {"token": second, "name": "X", "password": PASSWORD}
    for way in ("", "/register"):
        body = join if way else {"token": second}
        assert is_problem(client.post(f"/api/auth/invitation{way}", json=body), 410, "invitation_gone")
    third = invited(world, owner)
    listed = owner.get("/api/invitations").json()["items"]
    assert owner.delete(f"/api/invitations/{listed[0]['id']}").status_code == 204
    assert is_problem(client.post("/api/auth/invitation", json={"token": third}), 410, "invitation_gone")


def test_one_invitation_makes_one_member_however_many_come_at_once(world: World) -> None:
    owner = world.person()
    body = {"token": invited(world, owner), "name": "X", "password": PASSWORD}
    world.redis.flushdb()
    codes: list[int] = []

    def take() -> None:
        codes.append(world.anonymous().post("/api/auth/invitation/register", json=body).status_code)

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes)[0] == 201
    assert set(codes) <= {201, 409, 410}
    assert codes.count(201) == 1
    assert len(owner.get("/api/members").json()["items"]) == 2


def test_who_is_asked_or_there_is_not_asked_again_and_mail_that_fails_asks_nobody(world: World) -> None:
    owner, to = world.person(), email()
    invited(world, owner, to=to)
    again = owner.post("/api/invitations", json={"email": to.upper(), "role": "viewer"})
    assert is_problem(again, 409, "already_invited")
    mine = owner.post("/api/invitations", json={"email": me(owner)["user"]["email"], "role": "viewer"})
    assert is_problem(mine, 409, "already_member")
    world.mails.fails = True
    failed = owner.post("/api/invitations", json={"email": email(), "role": "viewer"})
    assert is_problem(failed, 503, "mail_unavailable")
    (asked,) = owner.get("/api/invitations").json()["items"]
    assert is_problem(owner.post(f"/api/invitations/{asked['id']}/resend"), 503, "mail_unavailable")
    world.mails.fails = False
    first = world.mails.sent[-1][2].split("#")[1].split()[0]
    assert world.anonymous().post("/api/auth/invitation", json={"token": first}).status_code == 200


def test_an_invitation_gives_no_more_than_whoever_made_it_still_has(world: World) -> None:
    owner = world.person()
    admin = joined(world, owner, "admin")
    token = invited(world, admin, "admin")
    assert owner.patch(f"/api/members/{me(admin)['user']['id']}", json={"role": "viewer"}).status_code == 200
    answer = world.anonymous().post(
        "/api/auth/invitation/register", json={"token": token, "name": "X", "password": PASSWORD}
    )
    assert is_problem(answer, 410, "invitation_gone")


def test_names_in_mails_are_no_links_and_no_headers(world: World) -> None:
    owner = world.person()
    owner.patch("/api/tenant", json={"name": "Win at https://evil.test/x?\nBcc: a@b.test"})
    owner.patch("/api/me", json={"name": "evil.test"})
    invited(world, owner)
    _, subject, text = world.mails.sent[-1]
    assert "\n" not in subject
    words = re.sub(r"http://stepweave\.test/\S+|for \S+@\S+,", "", text)
    assert not re.search(r"\w\.\w|://|@", words), words
    assert harmless("Ada Lovelace, Ltd.") == "Ada Lovelace, Ltd."


# Members


def test_a_role_that_is_taken_is_gone_at_the_next_request(world: World) -> None:
    owner = world.person()
    editor = joined(world, owner)
    made(editor)
    member = f"/api/members/{me(editor)['user']['id']}"
    assert owner.patch(member, json={"role": "viewer"}).json()["role"] == "viewer"
    assert is_problem(editor.post("/api/workflows", json=workflow()), 403, "not_allowed")
    assert owner.patch(member, json={"role": "editor"}).status_code == 200
    made(editor)
    assert owner.delete(member).status_code == 204
    assert is_problem(editor.get("/api/workflows"), 401, "session_expired")
    assert is_problem(editor.post("/api/auth/refresh"), 401, "session_expired")
    assert is_problem(owner.delete(member), 404, "not_found")


def test_nobody_raises_themselves_or_touches_who_is_above(world: World) -> None:
    owner = world.person()
    admin, viewer = joined(world, owner, "admin"), joined(world, owner, "viewer")
    boss, own = me(owner)["user"]["id"], me(admin)["user"]["id"]
    for answer in (
        admin.patch(f"/api/members/{own}", json={"role": "owner"}),
        admin.patch(f"/api/members/{boss}", json={"role": "viewer"}),
        admin.delete(f"/api/members/{boss}"),
        admin.post("/api/invitations", json={"email": email(), "role": "owner"}),
        admin.post("/api/roles", json={"name": "Sneaky", "permissions": ["tenant.delete"]}),
        owner.post("/api/roles", json={"name": "Sneaky", "permissions": ["tenant.delete"]}),
    ):
        assert is_problem(answer, 403, "above_you")
    for answer in (
        viewer.patch(f"/api/members/{me(viewer)['user']['id']}", json={"role": "admin"}),
        viewer.delete(f"/api/members/{own}"),
        viewer.post("/api/invitations", json={"email": email(), "role": "viewer"}),
        viewer.post("/api/roles", json={"name": "R", "permissions": ["store.read"]}),
    ):
        assert is_problem(answer, 403, "not_allowed")
    unknown = admin.patch(f"/api/members/{own}", json={"role": "admin", "permissions": ["tenant.delete"]})
    assert unknown.status_code == 422
    assert admin.patch(f"/api/members/{own}", json={"role": "root"}).status_code == 422


def test_a_workspace_keeps_an_owner(world: World) -> None:
    owner = world.person()
    boss = me(owner)["user"]["id"]
    for answer in (
        owner.patch(f"/api/members/{boss}", json={"role": "admin"}),
        owner.delete(f"/api/members/{boss}"),
        owner.post("/api/members/leave"),
    ):
        assert is_problem(answer, 409, "last_owner")
    second = joined(world, owner, "owner")
    # Both step down at once: one of them is the last.
    codes: list[int] = []

    def step(client: TestClient) -> None:
        codes.append(client.patch(f"/api/members/{ids[client]}", json={"role": "admin"}).status_code)

    ids = {owner: boss, second: me(second)["user"]["id"]}
    threads = [threading.Thread(target=step, args=(client,)) for client in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 409]


def test_who_leaves_the_last_workspace_has_one_of_their_own(world: World) -> None:
    owner = world.person()
    guest = joined(world, owner)
    who = me(guest)["user"]
    assert guest.post("/api/members/leave").status_code == 204
    assert is_problem(guest.get("/api/me"), 401, "session_expired")
    session = guest.post("/api/auth/login", json={"email": who["email"], "password": PASSWORD})
    assert (session.json()["role"], session.json()["tenant"]["name"]) == ("owner", "Editor's workspace")
    # They can be asked again, and come back.
    enter(guest, session)
    enter(guest, guest.post("/api/auth/invitation/accept", json={"token": invited(world, owner, to=who["email"])}))
    assert me(guest)["tenant"]["id"] == me(owner)["tenant"]["id"]


def test_a_second_workspace_is_made_and_nobody_goes_where_they_are_no_member(world: World) -> None:
    client, stranger = world.person(), world.person()
    first = me(client)["tenant"]["id"]
    made(client)
    enter(client, client.post("/api/tenants", json={"name": "Second"}))
    assert (me(client)["tenant"]["name"], me(client)["role"]) == ("Second", "owner")
    assert client.get("/api/workflows").json()["items"] == []
    for place in (first, str(uuid.uuid4())):
        assert is_problem(stranger.post("/api/auth/switch", json={"tenantId": place}), 404, "not_found")
    assert len(stranger.get("/api/tenants").json()["items"]) == 1


# Roles of the workspace's own


def test_a_role_of_the_workspaces_own_allows_what_it_lists_and_changes_for_all_at_once(world: World) -> None:
    owner = world.person()
    body = {"name": "Clerk", "permissions": ["store.read", "workflows.read"]}
    role = owner.post("/api/roles", json=body).json()
    assert is_problem(owner.post("/api/roles", json={**body, "name": "clerk"}), 409, "name_taken")
    clerk = joined(world, owner, "custom", roleId=role["id"])
    who = me(clerk)
    assert (who["role"], who["roleName"], who["permissions"]) == (
        "custom",
        "Clerk",
        ["self", "store.read", "workflows.read"],
    )
    assert clerk.get("/api/workflows").status_code == 200
    for answer in (clerk.post("/api/workflows", json=workflow()), clerk.get("/api/members")):
        assert is_problem(answer, 403, "not_allowed")
    changed = owner.put(f"/api/roles/{role['id']}", json={"name": "Maker", "permissions": ["workflows.write"]})
    assert changed.json()["members"] == 1
    made(clerk)
    assert is_problem(clerk.get("/api/workflows"), 403, "not_allowed")
    assert is_problem(owner.delete(f"/api/roles/{role['id']}"), 409, "role_in_use")
    owner.patch(f"/api/members/{who['user']['id']}", json={"role": "viewer"})
    assert owner.delete(f"/api/roles/{role['id']}").status_code == 204
    assert [one["name"] for one in owner.get("/api/roles").json()["items"]] == [
        "owner",
        "admin",
        "editor",
        "operator",
        "viewer",
    ]


def test_who_manages_members_gives_no_more_than_they_have(world: World) -> None:
    owner = world.person()
    hr = owner.post("/api/roles", json={"name": "HR", "permissions": ["members.read", "members.write"]}).json()
    rich = owner.post("/api/roles", json={"name": "Rich", "permissions": ["members.write", "store.write"]}).json()
    clerk, other = joined(world, owner, "custom", roleId=hr["id"]), joined(world, owner, "custom", roleId=hr["id"])
    own = f"/api/members/{me(clerk)['user']['id']}"
    for answer in (
        clerk.patch(own, json={"role": "viewer"}),
        clerk.patch(own, json={"role": "custom", "roleId": rich["id"]}),
        clerk.put(f"/api/roles/{hr['id']}", json={"name": "HR", "permissions": ["members.write", "store.read"]}),
        clerk.put(f"/api/roles/{rich['id']}", json={"name": "Rich", "permissions": ["members.write"]}),
        clerk.delete(f"/api/roles/{rich['id']}"),
    ):
        assert is_problem(answer, 403, "above_you")
    assert clerk.delete(f"/api/members/{me(other)['user']['id']}").status_code == 204


@pytest.mark.parametrize("way", ["patch", "invite"])
def test_a_role_of_another_workspace_is_not_there(world: World, way: str) -> None:
    owner, other = world.person(), world.person()
    role = other.post("/api/roles", json={"name": "R", "permissions": ["store.read"]}).json()["id"]
    given = {"role": "custom", "roleId": role}
    answer = (
        owner.patch(f"/api/members/{me(owner)['user']['id']}", json=given)
        if way == "patch"
        else owner.post("/api/invitations", json={"email": email(), **given})
    )
    assert is_problem(answer, 404, "not_found")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Café für Straßenbau", "cafe-fur-strassenbau"),
        ("ＡＢＣ  №5", "abc-no5"),
        ("İstanbul", "istanbul"),
        ("a" * 80, "a" * 60),
    ],
)
def test_a_workspaces_path_keeps_letters_that_have_marks(name: str, path: str) -> None:
    assert slug_of(name) == path
