"""Triggers with code on the embedded stack: a fake GitHub that is asked for webhooks, and then really calls them."""

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from local.client.rest import ApiError, Client
from local.settings import LocalSettings
from tests.fakes.github import BASE_URL, GitHub
from tests.fakes.web import Exchange, web_server
from tests.fixtures.app_servers import in_place_of
from tests.integration.conftest import Session
from tests.integration.test_calling import executions_of
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def github(settings: LocalSettings) -> Iterator[GitHub]:
    """A GitHub that the trigger's function on the stack asks in the place of the real one."""
    with web_server() as web, in_place_of(settings, BASE_URL, web.url(""), "node-github_trigger-v1"):
        yield GitHub(web)


async def credential(client: Client) -> str:
    body = {"name": f"GitHub {uuid.uuid4().hex[:6]}", "type": "github_token", "data": {"token": "ghp_secret"}}
    id: str = (await client.post("/credentials", body))["id"]
    return id


def listening(credential: str, *repositories: str, express: bool = False) -> dict[str, Any]:
    """Return a workflow that starts with the issues of repositories."""
    made = workflow(f"Issues {uuid.uuid4().hex[:6]}", [node("after", "no_op")])
    for index, repository in enumerate(repositories):
        params = {
            "credential": credential,
            "owner": "octocat",
            "repository": repository,
            "events": [{"event": "issues"}],
        }
        made["nodes"].append(node(f"on{index}", "github_trigger", params))
        made["edges"].append({"id": f"on{index}", "source": f"on{index}", "target": "after"})
    if express:
        made["settings"] = {"mode": "express"}
    return made


def deliveries(hook: dict[str, Any], body: bytes, delivery: str, **headers: str) -> dict[str, Any]:
    """Return what GitHub sends, signed with a hook's secret."""
    signature = hmac.new(hook["config"]["secret"].encode(), body, hashlib.sha256).hexdigest()
    sent = {
        "content-type": "application/json",
        "x-github-event": "issues",
        "x-github-delivery": delivery,
        "x-hub-signature-256": f"sha256={signature}",
    }
    return {"content": body, "headers": {**sent, **headers}}


def path_of(hook: dict[str, Any]) -> str:
    url: str = hook["config"]["url"]
    return "/hooks/" + url.partition("/hooks/")[2]


BODY = json.dumps({"action": "opened", "issue": {"number": 7, "title": "Ü"}}).encode()


@pytest.mark.parametrize("express", [False, True], ids=["standard", "express"])
def test_what_happens_at_github_starts_the_workflow_once(tenant: Session, github: GitHub, express: bool) -> None:
    repository = f"one-{uuid.uuid4().hex[:6]}"
    github.opens(repository)

    async def run(client: Client) -> None:
        document = listening(await credential(client), repository, express=express)
        id = (await client.post("/workflows", document))["id"]
        await client.post(f"/workflows/{id}/publish", {})
        [hook] = github.of(repository)
        path = path_of(hook)
        ping = await client.raw("POST", path, **deliveries(hook, b'{"zen":"z"}', "p", **{"x-github-event": "ping"}))
        assert (ping.status_code, ping.json()) == (200, {"pong": True})
        answers = await asyncio.gather(*(client.raw("POST", path, **deliveries(hook, BODY, "d-1")) for _ in range(20)))
        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.json()["executionId"] for answer in answers}) == 1
        [ended] = await executions_of(client, id, "succeeded")
        execution = await client.get(f"/executions/{ended['id']}")
        [item] = outputs(execution, "after")
        assert (execution["trigger"], item["delivery"], item["payload"]["issue"]["title"]) == ("app", "d-1", "Ü")

        wrong = deliveries(hook, BODY, "d-2", **{"x-hub-signature-256": "sha256=" + "0" * 64})
        assert (await client.raw("POST", path, **wrong)).status_code == 401
        other = deliveries(hook, BODY.replace(b"7", b"8"), "d-3")
        other["content"] = BODY
        assert (await client.raw("POST", path, **other)).status_code == 401
        assert (await client.raw("GET", path)).status_code == 405
        huge = deliveries(hook, b'{"a":"' + b"x" * 4_000_000 + b'"}', "d-4")
        assert (await client.raw("POST", path, **huge)).status_code == 413
        assert (await client.raw("POST", f"{path[:-4]}aaaa", **deliveries(hook, BODY, "d-5"))).status_code == 404
        theirs = "/hooks/no-such-tenant/" + path.partition("/~/")[1].strip("/") + "/" + path.partition("/~/")[2]
        assert (await client.raw("POST", theirs, **deliveries(hook, BODY, "d-5"))).status_code == 404
        large = json.dumps({"action": "opened", "text": "x" * 900_000}).encode()
        answer = await client.raw("POST", path, **deliveries(hook, large, "d-6"))
        assert answer.status_code == 202
        await executions_of(client, id, "succeeded", 2)

        await client.post("/workflows/bulk", {"action": "disable", "ids": [id]})
        off = await client.raw("POST", path, **deliveries(hook, BODY, "d-7"))
        assert (off.status_code, off.json()["code"]) == (503, "workflow_paused")
        assert github.of(repository) == [hook]
        await client.post("/workflows/bulk", {"action": "enable", "ids": [id]})
        assert (await client.raw("POST", path, **deliveries(hook, BODY, "d-7"))).status_code == 202
        await executions_of(client, id, "succeeded", 3)
        assert (await client.get(f"/workflows/{id}"))["registrations"][0]["lastReceivedAt"]

        await client.post(f"/workflows/{id}/unpublish", {})
        assert github.of(repository) == []
        assert (await client.raw("POST", path, **deliveries(hook, BODY, "d-8"))).status_code == 404
        assert len((await client.get("/executions", workflowId=id))["items"]) == 3

    tenant(run)


def test_when_the_second_of_two_is_refused_the_first_is_taken_away_again(tenant: Session, github: GitHub) -> None:
    one, two = (f"{name}-{uuid.uuid4().hex[:6]}" for name in ("first", "second"))
    github.opens(one)
    github.opens(two)
    github.refuses[two] = 403

    async def run(client: Client) -> None:
        id = (await client.post("/workflows", listening(await credential(client), one, two)))["id"]
        with pytest.raises(ApiError) as refused:
            await client.post(f"/workflows/{id}/publish", {})
        assert (refused.value.status, refused.value.code) == (422, "trigger_refused")
        [diagnostic] = refused.value.problem["diagnostics"]
        assert diagnostic["nodeId"] == "on1"
        assert "You may not" in diagnostic["message"]
        assert (github.of(one), github.of(two)) == ([], [])
        assert (await client.get(f"/workflows/{id}"))["registrations"] == []
        github.refuses[two] = 502
        with pytest.raises(ApiError) as away:
            await client.post(f"/workflows/{id}/publish", {})
        assert (away.value.status, away.value.code, github.of(one)) == (503, "trigger_unavailable", [])
        del github.refuses[two]
        await client.post(f"/workflows/{id}/publish", {})
        assert len(github.of(one)) == len(github.of(two)) == 1
        await client.request("DELETE", f"/api/workflows/{id}")
        assert (github.of(one), github.of(two)) == ([], [])

    tenant(run)


def test_a_repository_that_is_not_there_is_said_at_its_field(tenant: Session, github: GitHub) -> None:
    async def run(client: Client) -> None:
        id = (await client.post("/workflows", listening(await credential(client), "none")))["id"]
        with pytest.raises(ApiError) as refused:
            await client.post(f"/workflows/{id}/publish", {})
        assert refused.value.problem["diagnostics"][0]["field"] == "params.repository"
        gone = listening("00000000-0000-4000-8000-000000000000", "none")
        id = (await client.post("/workflows", gone))["id"]
        with pytest.raises(ApiError) as missing:
            await client.post(f"/workflows/{id}/publish", {})
        assert missing.value.problem["diagnostics"][0]["field"] == "params.credential"

    assert github.hooks is not None
    tenant(run)


def test_a_hook_that_was_made_though_no_answer_came_is_taken_away_again(tenant: Session, github: GitHub) -> None:
    repository = f"lost-{uuid.uuid4().hex[:6]}"
    github.opens(repository)
    made = github.web.routes[f"/repos/octocat/{repository}/hooks"]

    def lost(exchange: Exchange) -> None:
        if exchange.asked.method != "POST":
            made(exchange)
            return
        github.keep(repository, exchange.asked.body)
        exchange.hang(12)

    github.web.routes[f"/repos/octocat/{repository}/hooks"] = lost

    async def run(client: Client) -> None:
        id = (await client.post("/workflows", listening(await credential(client), repository)))["id"]
        with pytest.raises(ApiError) as away:
            await client.post(f"/workflows/{id}/publish", {})
        assert (away.value.status, away.value.code) == (503, "trigger_unavailable")
        assert github.of(repository) == []
        assert (await client.get(f"/workflows/{id}"))["registrations"] == []

    tenant(run)


def test_a_provider_may_call_while_it_is_told_of_the_address(tenant: Session, github: GitHub) -> None:
    """The function that registers is at work, and must be asked a second time for the call."""
    repository = f"back-{uuid.uuid4().hex[:6]}"
    github.opens(repository)
    made = github.web.routes[f"/repos/octocat/{repository}/hooks"]
    said: list[int] = []

    def calls_back(exchange: Exchange) -> None:
        if exchange.asked.method == "POST":
            url = json.loads(exchange.asked.body)["config"]["url"]
            said.extend(httpx.request(method, url, timeout=8, content=b"{}").status_code for method in ("GET", "POST"))
        made(exchange)

    github.web.routes[f"/repos/octocat/{repository}/hooks"] = calls_back

    async def run(client: Client) -> None:
        id = (await client.post("/workflows", listening(await credential(client), repository)))["id"]
        await client.post(f"/workflows/{id}/publish", {})
        assert said == [405, 401]
        [hook] = github.of(repository)
        answer = await client.raw("POST", path_of(hook), **deliveries(hook, BODY, "d"))
        assert answer.status_code == 202
        await client.post(f"/workflows/{id}/unpublish", {})

    tenant(run)


def test_hostile_calls_start_what_is_signed_and_nothing_else(tenant: Session, github: GitHub) -> None:
    repository = f"hostile-{uuid.uuid4().hex[:6]}"
    github.opens(repository)

    async def run(client: Client) -> None:
        id = (await client.post("/workflows", listening(await credential(client), repository)))["id"]
        await client.post(f"/workflows/{id}/publish", {})
        [hook] = github.of(repository)
        path = path_of(hook)

        async def status(body: bytes, delivery: str, at: str = path, method: str = "POST", **headers: str) -> int:
            sent = deliveries(hook, body, delivery, **headers)
            return (await client.raw(method, at, **sent)).status_code

        assert await status(b'{"action":"\xff"}', "bytes") in (400, 415)
        assert await status(b'{"action":"\\ud83d"}', "half a pair") == 400
        assert await status(b'{"a":' * 500 + b"1" + b"}" * 500, "deep") == 400
        assert await status(b'{"a":1e999}', "endless") == 400
        assert await status(b"", "empty") == 400
        assert await status(b"[]", "a list") == 204
        assert await status(BODY, "another event", **{"x-github-event": "star"}) == 204
        assert await status(BODY, "twice", at=path + "/") == 202  # a slash at the end is none
        assert await status(BODY, "twice", at=path.replace("~", "%7E")) == 202
        assert await status(BODY, "no such", at=path + "/more") == 404
        assert await status(BODY, "no such", at=path.replace("~", "%7E%7E")) == 404
        assert await status(BODY, "no such", at=path.replace("/~/", "/~/../~/") + "x") == 404
        assert await status(BODY, "no such", at=path.rpartition("/")[0]) == 404
        assert await status(BODY, "d" * 4000) == 202
        assert await status(b'{"action":"a\\u0000b","text":"\xf0\x9f\x8e\x89"}', "nul") == 202
        assert await status(BODY, "put", method="PUT") == 405
        await executions_of(client, id, "succeeded", 3)
        assert len((await client.get("/executions", workflowId=id))["items"]) == 3
        await client.post(f"/workflows/{id}/unpublish", {})

    tenant(run)


def test_without_its_credential_a_trigger_stays_known_until_it_can_be_taken_away(
    tenant: Session, github: GitHub
) -> None:
    repository = f"lost-key-{uuid.uuid4().hex[:6]}"
    github.opens(repository)

    async def run(client: Client) -> None:
        key = await credential(client)
        id = (await client.post("/workflows", listening(key, repository)))["id"]
        await client.post(f"/workflows/{id}/publish", {})
        await client.request("DELETE", f"/api/credentials/{key}?force=true")
        [hook] = github.of(repository)
        assert (await client.raw("POST", path_of(hook), **deliveries(hook, BODY, "d"))).status_code == 202
        await client.post(f"/workflows/{id}/unpublish", {})
        [one] = (await client.get(f"/workflows/{id}"))["registrations"]
        assert (one["status"], one["lastError"]["type"]) == ("leaving", "CredentialMissing")
        assert (await client.raw("POST", path_of(hook), **deliveries(hook, BODY, "d-2"))).status_code == 404

    tenant(run)
