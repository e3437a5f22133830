"""Members who reach beyond their project, and another workspace's owner, at the routes of environments, variables, the
debugger, analytics and shares: with ids in paths, bodies and queries that they should not know."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from functions.system.vault.errors import CredentialError
from functions.system.vault.opening import open_credential
from functions.system.vault.types import types
from stepweave_data.database import database_url
from stepweave_data.link import Link
from tests.api.conftest import World
from tests.api.fuzz.teams import Team, digest, make_team
from tests.api.test_people import joined, me
from tests.api.test_routes import workflow
from tests.fixtures.servers import Databases

BEARER = {"token": "hush-hush-7", "allowedHosts": "api.example.com"}


@dataclass
class Stage:
    """A workspace (`team`) with a member who manages a project of their own, and another workspace's owner."""

    world: World
    team: Team
    member: TestClient
    project: str
    own: str
    credential: str
    stranger: Team

    def team_ids(self, name: str) -> list[str]:
        return self.team.ids[name]


def made_of(answer: Any) -> Any:
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()


@pytest.fixture
def stage(world: World, databases: Databases) -> Stage:
    team, stranger = make_team(world, databases, newer=True), make_team(world, databases, newer=True)
    owner = team.client
    # All that the team has lies in a project that the member is not in.
    home = made_of(owner.post("/api/projects", json={"name": "Home"}))["id"]
    with psycopg.connect(databases.owner) as connection:
        for table in ("workflows", "credentials", "folders", "apis", "store_tables"):
            connection.execute(f"UPDATE {table} SET project_id = %s WHERE tenant_id = %s", (home, team.id))
        connection.execute("DELETE FROM credential_shares WHERE tenant_id = %s", (team.id,))
        connection.execute("DELETE FROM workflow_shares WHERE tenant_id = %s", (team.id,))
    member = joined(world, owner, "viewer")
    project = made_of(owner.post("/api/projects", json={"name": "Mine"}))["id"]
    user = me(member)["user"]["id"]
    given = owner.put(f"/api/projects/{project}/members/{user}", json={"role": "manager"})
    assert given.status_code == 204, given.text
    own = made_of(member.post(f"/api/workflows?projectId={project}", json={**workflow(), "name": "Own"}))["id"]
    body = {"name": "Own", "type": "http_bearer", "data": BEARER, "projectId": project}
    credential = made_of(member.post("/api/credentials", json=body))["id"]
    return Stage(world, team, member, project, own, credential, stranger)


def attacks(by: TestClient, at: Team, own: str, credential: str, project: str) -> Iterator[tuple[str, Any]]:
    """Try what reaches for a team's things from outside; yield each with its answer."""
    get, put, post, delete = by.get, by.put, by.post, by.delete
    [theirs, *_] = at.ids["credential_id"]
    flow, run = at.ids["workflow_id"][0], at.ids["execution_id"][0]
    stop, group, variable = at.ids["stop_id"][0], at.ids["group_id"][0], at.ids["variable_id"][0]
    seen = {one["id"] for one in get("/api/projects").json()["items"]}
    others = next(id for id in at.ids["project_id"] if id not in seen)
    mapping = f"/api/credentials/{credential}/mappings/staging"
    # Environments and what stands for a credential there
    yield "a credential of theirs stands for mine", put(mapping, json={"credentialId": theirs})
    yield (
        "mine stands for theirs",
        put(f"/api/credentials/{theirs}/mappings/staging", json={"credentialId": credential}),
    )
    yield "nothing stands for theirs", put(f"/api/credentials/{theirs}/mappings/staging", json={"credentialId": None})
    yield (
        "their versions are asked what they need",
        get(f"/api/workflows/{flow}/versions/1/readiness", params={"environment": "staging"}),
    )
    yield "where theirs is live", get(f"/api/workflows/{flow}/environments")
    yield "theirs is switched off", put(f"/api/workflows/{flow}/environments/staging", json={"enabled": False})
    yield "theirs is taken down", delete(f"/api/workflows/{flow}/environments/staging")
    yield "theirs is promoted", post(f"/api/workflows/{flow}/versions/1/publish?environment=production")
    yield "an environment is made", post("/api/environments", json={"key": "evil", "name": "Evil"})
    # Variables
    yield (
        "a variable is changed",
        put(f"/api/variables/{variable}", json={"name": "base", "kind": "text", "values": {"production": "evil"}}),
    )
    yield "a variable is deleted", delete(f"/api/variables/{variable}")
    # The debugger
    yield "their stops are listed", get(f"/api/executions/{run}/stops")
    yield "their stop's items", get(f"/api/executions/{run}/stops/{stop}")
    yield "an expression at their stop", post(f"/api/executions/{run}/stops/{stop}/evaluate", json={"text": "{{ 1 }}"})
    yield "their stop goes on", post(f"/api/executions/{run}/stops/{stop}/go-on", json={"action": "run"})
    yield "their breakpoints are set", put(f"/api/executions/{run}/stops", json={"breakpoints": []})
    yield "a run of mine goes on from theirs", post(f"/api/workflows/{own}/run", json={"fromExecutionId": run})
    # Analytics
    yield "their fault is shown", get(f"/api/analytics/errors/{group}")
    yield "their fault is resolved", put(f"/api/analytics/errors/{group}", json={"resolved": True})
    # Shares
    yield "theirs is shared with my project", put(f"/api/credentials/{theirs}/shares/{project}")
    yield "who uses theirs", get(f"/api/credentials/{theirs}/uses")
    yield "their store of secrets is tried", post(f"/api/credentials/{theirs}/test", json={"path": "a#b"})
    yield (
        "their workflow is shared with my project",
        put(f"/api/workflows/{flow}/shares", json={"projectId": project, "role": "editor"}),
    )
    yield "their share is taken back", delete(f"/api/workflows/{flow}/shares/{at.ids['share_id'][0]}")
    yield (
        "mine refers to their store",
        post(
            "/api/credentials",
            json={
                "name": f"Thief {uuid.uuid4().hex[:6]}",
                "type": "http_bearer",
                "projectId": project,
                "data": {**BEARER, "token": f"secret://{theirs}/a#b"},
            },
        ),
    )
    yield "who is in their project", get(f"/api/projects/{others}/members")


def test_a_member_of_one_project_reaches_nothing_of_the_others(stage: Stage, databases: Databases) -> None:
    before = digest(databases, stage.team.id)
    tried = 0
    for what, answer in attacks(stage.member, stage.team, stage.own, stage.credential, stage.project):
        tried += 1
        assert answer.status_code in (403, 404, 422), (what, answer.status_code, answer.text)
        assert stage.team.mark not in answer.text, (what, answer.text)
        assert stage.team.secret not in answer.text, what
    assert tried > 20
    changed = {name for name, one in digest(databases, stage.team.id).items() if one != before[name]}
    assert changed <= {"audit", "audit_chain", "audit_heads", "sessions"}, "refusals are written down, nothing else"


def test_another_workspaces_owner_reaches_nothing(stage: Stage, databases: Databases) -> None:
    before = digest(databases, stage.team.id)
    own = stage.stranger
    [credential, *_], [flow, *_] = own.ids["credential_id"], own.ids["workflow_id"]
    for what, answer in attacks(own.client, stage.team, flow, credential, own.ids["project_id"][0]):
        if what == "an environment is made":
            assert answer.status_code == 201, "in their own workspace"
            continue
        assert answer.status_code in (404, 409, 422), (what, answer.status_code, answer.text)
        assert stage.team.mark not in answer.text, (what, answer.text)
    assert digest(databases, stage.team.id) == before


def test_lists_tell_a_member_of_one_project_nothing_of_the_others(stage: Stage) -> None:
    """Variables are the workspace's, and so are environments; which workflows read them, and how many, is not."""
    for path in (
        "/api/credentials/mappings",
        "/api/credentials",
        "/api/workflows",
        "/api/executions",
        "/api/approvals",
        "/api/analytics?range=30d",
        "/api/analytics/workflows?range=30d&sort=failing",
        "/api/analytics/errors?range=30d",
        f"/api/analytics/errors?range=30d&workflowId={stage.team_ids('workflow_id')[0]}",
        f"/api/executions?workflowId={stage.team_ids('workflow_id')[0]}",
    ):
        answer = stage.member.get(path)
        assert answer.status_code in (200, 404), (path, answer.text)
        assert answer.status_code == 200 or "workflowId" in path, path
        seen = [stage.team.mark, stage.team.secret, *stage.team_ids("workflow_id"), *stage.team_ids("credential_id")]
        assert [one for one in seen if one in answer.text] == [], (path, answer.text)
    [variable] = stage.member.get("/api/variables").json()["items"]
    assert variable["workflows"] == []


def test_a_stop_of_one_run_is_none_of_another(stage: Stage) -> None:
    """The id of one's own run beside the id of another's stop."""
    run = made_of(stage.member.post(f"/api/workflows/{stage.own}/run", json={"debug": {"breakpoints": []}}))
    place = f"/api/executions/{run['executionId']}/stops/{stage.team_ids('stop_id')[0]}"
    for answer in (
        stage.member.get(place),
        stage.member.post(f"{place}/evaluate", json={"text": "{{ $json }}"}),
        stage.member.post(f"{place}/go-on", json={"action": "run"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), answer.text


def test_what_stands_for_a_credential_is_opened_for_its_own_project_only(stage: Stage, databases: Databases) -> None:
    """A mapping that got there in another way (an older release, a row moved by hand) opens nothing of another's."""
    theirs = stage.team_ids("credential_id")[0]
    with psycopg.connect(databases.owner) as connection:
        [kind] = connection.execute("SELECT type FROM credentials WHERE id = %s", (theirs,)).fetchone() or [""]
    request = {
        "tenantId": str(stage.team.id),
        "credentialId": theirs,
        "workflowId": stage.own,
        "type": kind,
    }
    link = Link(database_url())
    with pytest.raises(CredentialError, match="another project"):
        open_credential(request, types(), link, stage.world.keys)
    link.close()


HOSTILE: tuple[tuple[str, dict[str, str]], ...] = (
    ("/api/analytics", {"zone": "../../etc/passwd"}),
    ("/api/analytics", {"zone": "Europe/Berlin'; DROP TABLE rollups; --"}),
    ("/api/analytics", {"from": "0001-01-01", "to": "9999-12-31"}),
    ("/api/analytics/workflows", {"sort": "runs); DELETE FROM rollups; --"}),
    ("/api/executions", {"environment": "production' OR ''='"}),
    ("/api/analytics/errors", {"nodeId": "a' OR '1'='1"}),
)
KEYS = ("../production", "~staging", "%2e%2e", "Staging", "st aging", "stäging", "a" * 33, "staging/x", "staging\x00")


def test_what_stands_in_a_query_or_a_key_is_a_value(stage: Stage) -> None:
    for path, params in HOSTILE:
        answer = stage.member.get(path, params=params)
        assert answer.status_code in (200, 422), (path, params, answer.text)
        assert stage.team.mark not in answer.text
    owner, flow = stage.team.client, stage.team_ids("workflow_id")[0]
    for key in KEYS:
        made = owner.post("/api/environments", json={"key": key, "name": f"N {key[:8]}"})
        assert made.status_code in (400, 422), (key, made.text)
        answer = owner.post(f"/api/workflows/{flow}/versions/1/publish", params={"environment": key})
        assert answer.status_code in (400, 404, 422), (key, answer.text)
