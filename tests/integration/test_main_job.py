"""The whole way of the data on the embedded stack: the main job, the CLI, and what goes wrong on the way."""

import asyncio
import io
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console
from typer.testing import CliRunner

from local import mainjob
from local.cli import main as cli
from local.client.live import events
from local.client.rest import ApiError, Client
from local.seed.seed import find_workflow, seed
from local.settings import LocalSettings
from tests.integration.breaking import kill
from tests.integration.conftest import Person, Session

pytestmark = pytest.mark.integration


def node(id: str, type: str, params: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "version": 1, "name": id, "params": params or {}, "settings": settings}


def chain(name: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    edges = [
        {"id": f"e{number}", "source": one["id"], "target": two["id"]}
        for number, (one, two) in enumerate(pairwise(nodes))
    ]
    return {"schema": 1, "name": name, "nodes": list(nodes), "edges": edges}


async def run_draft(
    client: Client, document: dict[str, Any], items: list[Any] | None = None, **more: Any
) -> dict[str, Any]:
    """Run a document, or what `more` says of it, to its end and return the execution."""
    known = await find_workflow(client, document["name"])
    if known is None:
        known = await client.post("/workflows", document)
    else:
        known = await client.put(f"/workflows/{known['id']}", {"document": document, "revision": known["revision"]})
    body = {**({"items": items} if items else {}), **more}
    started = await client.post(f"/workflows/{known['id']}/run", body)
    seen = [event async for event in events(client, started["executionId"])]
    assert [event["seq"] for event in seen] == list(range(1, len(seen) + 1))
    execution: dict[str, Any] = await client.get(f"/executions/{started['executionId']}")
    return execution


def test_the_main_job_gives_what_the_sample_must(demo: Session, settings: LocalSettings) -> None:
    printed = Console(file=io.StringIO(), width=200)

    async def job(client: Client) -> bool:
        workflow = await seed(client, settings)
        return await mainjob.run(client, settings, workflow, printed)

    assert demo(job), printed.file.getvalue()  # type: ignore[attr-defined]  # a StringIO


BAD_NODES: list[tuple[str, dict[str, Any], str, str]] = [
    ("http 500", node("n", "http_request", {"url": "{demo}/status/500"}), "HttpServerError", "asked to answer 500"),
    ("http 404", node("n", "http_request", {"url": "{demo}/status/404"}), "HttpClientError", "asked to answer 404"),
    ("refused", node("n", "http_request", {"url": "http://127.0.0.1:9"}), "ConnectionFailed", ""),
    (
        "time-out",
        node("n", "http_request", {"url": "{demo}/slow?seconds=20", "timeoutSeconds": 0.5}),
        "RequestTimeout",
        "",
    ),
    ("not json", node("n", "http_request", {"url": "{demo}/text", "responseFormat": "json"}), "ResponseInvalid", ""),
    (
        "sql",
        node("n", "database", {"credential": "{database}", "query": "SELECT nothing FROM nowhere"}),
        "DatabaseError",
        "nowhere",
    ),
    (
        "smtp",
        node("n", "email", {"credential": "{mail}", "to": "x@refuse.test", "subject": "s"}),
        "EmailRefused",
        "no such mailbox here",
    ),
    ("js loop", node("n", "code", {"code": "for (;;) {}", "timeoutSeconds": 0.5}), "JavaScriptTimeout", ""),
    (
        "js memory",
        node("n", "code", {"code": "const a = []; for (;;) a.push(new Array(9999).fill(1))"}),
        "JavaScriptMemory",
        "",
    ),
    ("js globals", node("n", "code", {"code": "return process.env"}), "JavaScriptError", "process is not defined"),
    (
        "expression",
        node("n", "set_fields", {"assignments": [{"name": "x", "value": "{{ $json.a.b.c }}"}]}),
        "ExpressionFailed",
        "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "bad", "error", "words"), BAD_NODES, ids=[case[0] for case in BAD_NODES])
def test_a_failing_node_shows_a_typed_error_in_the_remotes_words(
    tenant: Session, settings: LocalSettings, name: str, bad: dict[str, Any], error: str, words: str
) -> None:
    async def run(client: Client) -> dict[str, Any]:
        known = {entry["name"]: entry["id"] for entry in (await client.get("/credentials"))["items"]}
        text = json.dumps(chain(f"Bad: {name}", node("start", "manual_trigger"), bad))
        text = text.replace("{demo}", settings.demo_url).replace("{database}", known["Demo database"])
        return await run_draft(client, json.loads(text.replace("{mail}", known["Demo mail"])))

    execution = tenant(run)
    failed = next(run for run in execution["nodeRuns"] if run["nodeId"] == "n")
    assert (execution["status"], failed["status"], failed["error"]["type"]) == ("failed", "failed", error)
    assert execution["error"]["type"] == error
    assert words in failed["error"]["message"]


def test_only_what_a_retry_can_help_is_retried(tenant: Session, settings: LocalSettings) -> None:
    async def attempts(client: Client) -> list[int]:
        found = []
        for code in (503, 404):
            retry = {"maxAttempts": 1, "intervalSeconds": 1, "maxDelaySeconds": 1}
            bad = node("n", "http_request", {"url": f"{settings.demo_url}/status/{code}"}, retry=retry)
            execution = await run_draft(client, chain(f"Retry {code}", node("start", "manual_trigger"), bad))
            found.append(next(run["attempt"] for run in execution["nodeRuns"] if run["nodeId"] == "n"))
        return found

    assert tenant(attempts) == [2, 1]


def test_an_error_branch_goes_on(tenant: Session, settings: LocalSettings) -> None:
    bad = node("n", "http_request", {"url": f"{settings.demo_url}/status/500"}, onError="branch")
    document = chain("Branch", node("start", "manual_trigger"), bad, node("after", "no_op"))
    document["edges"][1]["sourcePort"] = "error"
    execution = tenant(lambda client: run_draft(client, document))
    assert execution["status"] == "succeeded"
    after = next(run for run in execution["nodeRuns"] if run["nodeId"] == "after")
    assert after["output"]["main"]["items"][0]["json"]["error"]["type"] == "HttpServerError"


def test_large_results_travel_by_reference(tenant: Session) -> None:
    make = "return Array.from({ length: 3000 }, (_, n) => ({ n, text: 'x'.repeat(100) }))"
    count = "return [{ count: $input.all().length, last: $('make').last().json.n }]"
    nodes = (node("make", "code", {"code": make}), node("count", "code", {"code": count}))
    document = chain("Large", node("start", "manual_trigger"), *nodes)
    execution = tenant(lambda client: run_draft(client, document))
    runs = {run["nodeId"]: run for run in execution["nodeRuns"]}
    assert "ref" in runs["make"]["output"]["main"]
    assert runs["count"]["output"]["main"]["items"] == [{"json": {"count": 3000, "last": 2999}}]
    page = tenant(
        lambda client: client.get(f"/executions/{execution['id']}/items", nodeId="make", offset=2990, limit=5)
    )
    assert (page["total"], [item["json"]["n"] for item in page["items"]]) == (3000, list(range(2990, 2995)))


@pytest.fixture
def hook(tenant: Session) -> str:
    """The path of a published webhook that answers with what it got."""
    document = chain(
        "Echo",
        node("hook", "webhook_trigger", {"method": "POST", "path": "echo", "respond": "lastNode", "maxBodyKb": 10}),
        node("same", "no_op"),
    )

    async def publish(client: Client) -> str:
        known = await find_workflow(client, "Echo") or await client.post("/workflows", document)
        await client.post(f"/workflows/{known['id']}/publish")
        published = await client.get(f"/workflows/{known['id']}")
        url: str = published["webhooks"][0]["url"]
        return url

    return tenant(publish)


def test_webhooks_answer_and_refuse(hook: str, settings: LocalSettings) -> None:
    with httpx.Client(trust_env=False, timeout=40) as http:
        answer = http.post(hook, json={"n": 1})
        assert (answer.status_code, answer.json()["body"]) == (200, {"n": 1})
        assert "x-stepweave-execution" in answer.headers
        cases = {
            "unknown path": http.post(f"{settings.url}/hooks/demo/nothing-here", json={}),
            "wrong method": http.get(hook),
            "not json": http.post(hook, content="{", headers={"content-type": "application/json"}),
            "too large": http.post(hook, json={"x": "y" * 20_000}),
        }
    assert {name: answer.status_code for name, answer in cases.items()} == {
        "unknown path": 404,
        "wrong method": 405,
        "not json": 400,
        "too large": 413,
    }
    assert all(answer.headers["content-type"].startswith("application/problem+json") for answer in cases.values())


def test_a_schedule_starts_the_workflow(tenant: Session) -> None:
    document = chain(
        "Every minute", node("when", "schedule_trigger", {"expression": "rate(1 minute)"}), node("same", "no_op")
    )

    async def wait(client: Client) -> dict[str, Any]:
        known = await find_workflow(client, "Every minute") or await client.post("/workflows", document)
        await client.post(f"/workflows/{known['id']}/publish")
        try:
            async with asyncio.timeout(150):
                while True:
                    page = await client.get("/executions", workflowId=known["id"], status="succeeded")
                    if page["items"]:
                        detail: dict[str, Any] = await client.get(f"/executions/{page['items'][0]['id']}")
                        return detail
                    await asyncio.sleep(1)
        finally:
            await client.post(f"/workflows/{known['id']}/unpublish")

    execution = tenant(wait)
    assert execution["trigger"] == "schedule"
    assert "scheduledAt" in execution["nodeRuns"][0]["output"]["main"]["items"][0]["json"]


def test_a_hundred_executions_at_once_all_succeed(hook: str) -> None:
    async def all_of_them() -> list[int]:
        limits = httpx.Limits(max_connections=100)
        async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits) as http:
            answers = await asyncio.gather(*(http.post(hook, json={"n": number}) for number in range(100)))
        assert sorted(answer.json()["body"]["n"] for answer in answers) == list(range(100))
        return [answer.status_code for answer in answers]

    assert set(asyncio.run(all_of_them())) == {200}


def test_a_killed_recorder_loses_nothing(tenant: Session, settings: LocalSettings) -> None:
    code = "console.log('tick'); return $input.all()"
    steps = [node(f"c{number}", "code", {"code": code}) for number in range(8)]
    document = chain("Killed recorder", node("start", "manual_trigger"), *steps)

    killed = 0

    async def run(client: Client) -> dict[str, Any]:
        nonlocal killed
        task = asyncio.create_task(run_draft(client, document))
        while not task.done() and not killed:
            await asyncio.sleep(0.1)
            killed += kill("recorder", settings)
        return await task

    execution = tenant(run)
    assert killed > 0
    assert execution["status"] == "succeeded"
    assert {run["status"] for run in execution["nodeRuns"]} == {"succeeded"}
    assert len(execution["nodeRuns"]) == 9


def test_a_stale_save_is_refused_and_nothing_is_lost(tenant: Session) -> None:
    async def save(client: Client) -> ApiError:
        document = chain("Stale", node("start", "manual_trigger"))
        made = await find_workflow(client, "Stale") or await client.post("/workflows", document)
        await client.put(f"/workflows/{made['id']}", {"document": document, "revision": made["revision"]})
        with pytest.raises(ApiError) as caught:
            await client.put(f"/workflows/{made['id']}", {"document": document, "revision": made["revision"]})
        return caught.value

    error = tenant(save)
    assert (error.status, error.code) == (409, "stale_revision")


def test_the_command_line_runs_a_file(settings: LocalSettings, person: Person, tmp_path: Path) -> None:
    document = chain(
        "From the CLI", node("start", "manual_trigger"), node("greet", "code", {"code": "return { hi: $json.name }"})
    )
    file = tmp_path / "greet.json"
    file.write_text(json.dumps(document))
    arguments = ["run", str(file), "--input", '{"name": "Ada"}', "--url", settings.url]
    login = {"STEPWEAVE_EMAIL": person.email, "STEPWEAVE_PASSWORD": person.password}
    result = CliRunner().invoke(cli.app, arguments, env=login)
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert printed["status"] == "succeeded"
    assert printed["output"] == {"main": [{"json": {"hi": "Ada"}}]}
    assert "node.succeeded" in result.stderr
