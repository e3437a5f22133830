"""A second person says what goes live: requests, decisions, and all that may have changed in between."""

import threading
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import World
from tests.api.test_api_keys import made as key_of
from tests.api.test_api_keys import with_key
from tests.api.test_environments import asking, credential, environment, live, promote
from tests.api.test_people import joined
from tests.api.test_publishing import save
from tests.api.test_routes import is_problem, made, workflow

MAY = ["workflows.read", "workflows.write", "workflows.publish"]


def needs_approval(client: TestClient, *, on: bool = True, key: str = "production") -> Any:
    body = {"name": key.capitalize(), "fallsBack": False, "needsApproval": on}
    return client.put(f"/api/environments/{key}", json=body)


def team(world: World) -> tuple[TestClient, TestClient, str]:
    """Return an owner and an editor of a workspace in which production needs approvals, and a workflow of theirs."""
    owner = world.person()
    editor = joined(world, owner)
    assert needs_approval(owner).status_code == 200
    return owner, editor, str(made(editor, workflow("orders"))["id"])


def ask(client: TestClient, id: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/api/workflows/{id}/releases", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def decide(client: TestClient, release: dict[str, Any], decision: str, comment: str = "") -> Any:
    place = f"/api/workflows/{release['workflowId']}/releases/{release['id']}/decision"
    return client.post(place, json={"decision": decision, "comment": comment})


def waiting(client: TestClient) -> list[int]:
    return [one["version"] for one in client.get("/api/releases", params={"state": "waiting"}).json()["items"]]


def draft(client: TestClient, id: str, name: str) -> None:
    now = client.get(f"/api/workflows/{id}").json()
    save(client, id, {**now["document"], "name": name}, now["revision"])


def actions(client: TestClient) -> list[str]:
    found = client.get("/api/audit", params={"limit": 100}).json()["items"]
    return [one["action"] for one in found if one["action"].startswith(("release.", "workflow.published"))]


def test_what_is_approved_is_what_was_asked_for_and_not_the_draft_of_now(world: World) -> None:
    owner, editor, id = team(world)
    assert is_problem(editor.post(f"/api/workflows/{id}/publish"), 409, "approval_needed")
    assert is_problem(owner.post(f"/api/workflows/{id}/publish"), 409, "approval_needed"), "owners obey, too"
    release = ask(editor, id, name="First", note="Sales asked for it.")
    assert (release["version"], release["environment"], release["state"]) == (1, "production", "waiting")
    assert (release["mine"], release["canDecide"], release["note"]) == (True, False, "Sales asked for it.")
    assert live(editor, id) == {"production": None}, "nothing is live yet"
    draft(editor, id, "Moved on")
    seen = owner.get("/api/releases", params={"workflowId": id}).json()["items"][0]
    assert (seen["mine"], seen["canDecide"], seen["versionName"]) == (False, True, "First")
    done = decide(owner, release, "approve", "Looks good.").json()
    assert (done["state"], done["comment"], done["asker"] is None) == ("approved", "Looks good.", False)
    assert live(editor, id) == {"production": 1}
    assert editor.get(f"/api/workflows/{id}/versions/1").json()["document"]["name"] != "Moved on"
    assert actions(owner)[:3] == ["workflow.published", "release.approved", "release.asked"] or set(
        actions(owner)[:3]
    ) == {"workflow.published", "release.approved", "release.asked"}


def test_nobody_decides_what_they_asked_for_and_only_they_take_it_back(world: World) -> None:
    owner, editor, id = team(world)
    for asker, other in ((owner, editor), (editor, owner)):
        release = ask(asker, id)
        assert is_problem(decide(asker, release, "approve"), 403, "own_request")
        assert is_problem(decide(asker, release, "reject", "No"), 403, "own_request")
        assert is_problem(decide(other, release, "cancel"), 403, "own_request")
        assert decide(asker, release, "cancel").json()["state"] == "cancelled"
        assert is_problem(decide(other, release, "approve"), 409, "already_decided")
    assert live(owner, id) == {"production": None}


def test_a_no_says_why_and_leaves_the_version_there(world: World) -> None:
    owner, editor, id = team(world)
    release = ask(editor, id)
    assert is_problem(decide(owner, release, "reject", "  "), 422, "invalid_request")
    assert decide(owner, release, "reject", "The limit is missing.").json()["comment"] == "The limit is missing."
    assert len(editor.get(f"/api/workflows/{id}/versions").json()["items"]) == 1
    assert is_problem(promote(editor, id, "production"), 409, "approval_needed"), "no way around it"
    again = ask(editor, id, number=1, environment="production")
    assert decide(owner, again, "approve").status_code == 200
    assert live(owner, id) == {"production": 1}


def test_one_waits_at_a_time_so_that_no_older_one_undoes_a_newer(world: World) -> None:
    owner, editor, id = team(world)
    ask(editor, id)
    draft(editor, id, "Second")
    again = editor.post(f"/api/workflows/{id}/releases", json={})
    assert is_problem(again, 409, "already_asked")
    assert len(editor.get(f"/api/workflows/{id}/versions").json()["items"]) == 1, "nothing is left half-made"
    assert waiting(owner) == [1]


def test_two_who_approve_at_once_make_it_live_once(world: World) -> None:
    owner, editor, id = team(world)
    other = joined(world, owner)
    release = ask(editor, id)
    answers: list[int] = []
    both = [threading.Thread(target=lambda who=who: answers.append(decide(who, release, "approve").status_code))
            for who in (owner, other)]  # fmt: skip
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(answers) == [200, 409]
    assert actions(owner).count("workflow.published") == 1


def test_keys_and_service_accounts_obey_and_are_no_second_person(world: World) -> None:
    owner, editor, id = team(world)
    account = owner.post("/api/service-accounts", json={"name": "Deploy", "role": "editor"}).json()
    deploy = with_key(world, key_of(owner, MAY, serviceAccountId=account["id"])["text"])
    assert is_problem(deploy.post(f"/api/workflows/{id}/publish"), 409, "approval_needed")
    release = ask(deploy, id, note="From CI")
    assert is_problem(decide(owner, release, "approve"), 403, "own_request"), "the key is theirs"
    own = with_key(world, key_of(editor, MAY)["text"])
    assert is_problem(decide(own, release, "approve"), 403, "not_allowed")
    assert decide(editor, release, "approve").status_code == 200
    assert live(owner, id) == {"production": 1}


def test_who_asked_may_be_gone_and_who_decides_must_still_be_allowed_to(world: World) -> None:
    owner, editor, id = team(world)
    release = ask(editor, id)
    gone = {one["id"]: one["role"] for one in owner.get("/api/members").json()["items"]}
    [member] = [user for user, role in gone.items() if role == "editor"]
    other = joined(world, owner)
    assert owner.delete(f"/api/members/{member}").status_code == 204
    assert editor.get("/api/releases").status_code == 401
    [now] = [user for user in _members(owner) if user not in gone]
    assert owner.patch(f"/api/members/{now}", json={"role": "operator"}).status_code == 200
    assert is_problem(decide(other, release, "approve"), 403, "not_allowed")
    assert decide(owner, release, "approve").json()["state"] == "approved"


def _members(client: TestClient) -> list[str]:
    return [one["id"] for one in client.get("/api/members").json()["items"]]


def test_what_is_no_longer_ready_waits_on_and_says_what_is_missing(world: World) -> None:
    owner = world.person()
    editor = joined(world, owner)
    environment(owner, "staging")
    key = credential(owner, "Shop")
    body = {"name": "url", "kind": "text", "description": "", "values": {"production": "https://a.example"}}
    url = owner.post("/api/variables", json=body).json()
    assert needs_approval(owner).status_code == 200
    id = str(made(editor, {**asking(key)})["id"])
    release = ask(editor, id, environment="production")
    assert owner.put(f"/api/variables/{url['id']}", json={**body, "values": {"staging": "x"}}).status_code == 200
    refused = decide(owner, release, "approve")
    assert is_problem(refused, 422, "not_ready")
    assert [one["name"] for one in refused.json()["needs"]] == ["url"]
    assert waiting(owner) == [1], "nothing was decided"
    assert owner.put(f"/api/variables/{url['id']}", json=body).status_code == 200
    assert decide(owner, release, "approve").json()["state"] == "approved"


def test_a_workflow_or_an_environment_that_goes_takes_what_waits_with_it(world: World) -> None:
    owner, editor, id = team(world)
    environment(owner, "staging")
    assert needs_approval(owner, key="staging").status_code == 200
    first, second = ask(editor, id), ask(editor, id, environment="production")
    assert (first["environment"], second["environment"]) == ("staging", "production")
    assert owner.delete("/api/environments/staging").status_code == 204
    assert is_problem(decide(owner, first, "approve"), 409, "already_decided")
    assert waiting(owner) == [2]
    assert owner.delete(f"/api/workflows/{id}").status_code == 204
    assert is_problem(decide(owner, second, "approve"), 404, "not_found")
    assert waiting(owner) == []


def test_an_owner_goes_back_at_once_to_what_was_live_and_the_audit_says_so(world: World) -> None:
    owner, editor, id = team(world)
    assert decide(owner, ask(editor, id), "approve").status_code == 200
    draft(editor, id, "Second")
    assert decide(owner, ask(editor, id), "approve").status_code == 200
    draft(editor, id, "Third")
    decide(owner, ask(editor, id), "reject", "No")

    def back(client: TestClient, number: int) -> Any:
        asked = {"environment": "production", "emergency": "true"}
        return client.post(f"/api/workflows/{id}/versions/{number}/publish", params=asked)

    assert is_problem(back(editor, 1), 403, "not_allowed")
    assert is_problem(back(with_key(world, key_of(owner, MAY)["text"]), 1), 403, "not_allowed")
    assert is_problem(back(owner, 3), 409, "approval_needed"), "that was never live"
    assert is_problem(promote(owner, id, "production"), 409, "approval_needed"), "an emergency is said to be one"
    assert back(owner, 1).status_code == 200
    assert live(owner, id) == {"production": 1}
    entries = owner.get("/api/audit", params={"action": "workflow.published"}).json()["items"]
    assert entries[0]["details"]["emergency"] is True


def test_the_setting_is_an_admins_and_needs_two_who_may_publish(world: World) -> None:
    owner = world.person()
    refused = needs_approval(owner)
    assert is_problem(refused, 422, "invalid_request")
    assert refused.json()["errors"][0]["field"] == "needsApproval"
    editor = joined(world, owner)
    assert is_problem(needs_approval(editor), 403, "not_allowed")
    assert needs_approval(owner).json()["needsApproval"] is True
    kept = owner.put("/api/environments/production", json={"name": "Production", "fallsBack": False}).json()
    assert kept["needsApproval"] is True, "left out, it stays"
    by_key = with_key(world, key_of(owner, ["environments.write", "workflows.read"])["text"])
    assert is_problem(needs_approval(by_key, on=False), 403, "not_allowed")
    [entry] = owner.get("/api/audit", params={"action": "environment.changed"}).json()["items"][:1]
    assert entry["before"] is None or "needsApproval" in entry["before"]
    assert needs_approval(owner, on=False).json()["needsApproval"] is False


def test_another_workspace_and_another_workflow_see_none_of_it(world: World) -> None:
    owner, editor, id = team(world)
    release = ask(editor, id)
    stranger = world.person()
    assert is_problem(decide(stranger, release, "approve"), 404, "not_found")
    assert stranger.get("/api/releases").json()["items"] == []
    other = str(made(owner, workflow("others"))["id"])
    assert is_problem(decide(owner, {**release, "workflowId": other}, "approve"), 404, "not_found")
    assert is_problem(owner.post(f"/api/workflows/{id}/releases", json={"number": 9}), 404, "not_found")
    assert is_problem(owner.post(f"/api/workflows/{id}/releases", json={"environment": "nowhere"}), 404, "not_found")


@pytest.mark.parametrize("body", [{"number": 0}, {"number": "x"}, {"note": "x" * 2001}, {"environment": "A B"}])
def test_bad_requests_are_refused_with_the_field(world: World, body: dict[str, Any]) -> None:
    _, editor, id = team(world)
    refused = editor.post(f"/api/workflows/{id}/releases", json=body)
    assert is_problem(refused, 422, "invalid_request")
    assert refused.json()["errors"][0]["field"] == next(iter(body))
