"""Language models on the embedded stack: an account, its models, words as they come, what they used, and what fails."""

import threading
import uuid
from typing import Any

import pytest

from local.client.live import events
from local.client.rest import Client
from local.model import environment
from local.seed.seed import seed
from local.settings import LocalSettings
from tests.fakes import bedrock
from tests.fakes.models import ModelServer, Says, model_server
from tests.integration.conftest import Session
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration

VERDICT = {
    "type": "object",
    "properties": {"verdict": {"enum": ["good", "bad"]}},
    "required": ["verdict"],
    "additionalProperties": False,
}


async def account(client: Client, type: str, base_url: str) -> str:
    body = {"name": f"{type} {uuid.uuid4().hex[:6]}", "type": type, "data": {"apiKey": "sk-test", "baseUrl": base_url}}
    id: str = (await client.post("/credentials", body))["id"]
    return id


def test_bedrock_answers_through_the_stack(tenant: Session) -> None:
    async def run(client: Client, server: ModelServer) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        body = {"name": f"bedrock {uuid.uuid4().hex[:6]}", "type": "bedrock", "data": bedrock.account(server)}
        key = (await client.post("/credentials", body))["id"]
        tested = await client.post(f"/credentials/{key}/test", {})
        asked = {"field": "model", "params": {"credential": key}, "search": ""}
        offered = await client.post("/node-types/language_model/options", asked)
        answer = Says(calls=[("answer", '{"verdict": "good"}')], tokens=(100, 20, 40))
        limited = Says(status=429, error={"error": {"message": "Too many tokens, please wait."}})
        server.says(limited, answer)
        retries = {"retry": {"maxAttempts": 2, "intervalSeconds": 1}}
        more: dict[str, Any] = {"output": "json", "jsonSchema": VERDICT, "concurrency": 1}
        return tested, offered, await run_draft(client, asking(key, retries, **more))

    with bedrock.bedrock_server() as server:
        tested, offered, execution = tenant(lambda client: run(client, server))
    assert tested["works"] is True, tested
    assert "amazon.nova-lite-v1:0" in [option["value"] for option in offered["options"]]
    assert execution["status"] == "succeeded", execution["error"]
    assert [item["answer"] for item in outputs(execution, "after")] == 2 * [{"verdict": "good"}]
    assert execution["usage"]["tokens"] == {"small": {"input": 200, "output": 40, "cached": 80}}
    assert "sk-secret" not in str(execution)


def test_what_the_workspace_says_a_model_costs_is_counted(tenant: Session) -> None:
    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        rates = {"input": "2", "cached": "1", "output": "10"}
        await client.put("/models/prices", {"provider": "openai", "model": "priced", "rates": rates})
        key = await account(client, "openai", server.openai_url)
        server.says(Says("Hello.", tokens=(1000, 100, 500)))
        return await run_draft(client, asking(key, model="priced", concurrency=1))

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
    assert execution["status"] == "succeeded", execution["error"]
    assert execution["usage"]["money"] == {"USD": "0.005"}
    assert "answers of unknown price" not in execution["usage"].get("counted", {})


def test_services_beside_chat_answer_through_the_stack(tenant: Session) -> None:
    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        key = await account(client, "openai", server.openai_url)
        asked = {"field": "model", "params": {"credential": key}, "search": ""}
        server.models = [{"id": "text-embedding-3-small"}, {"id": "gpt-5.5"}]
        offered = await client.post("/node-types/embed/options", asked)
        assert [option["value"] for option in offered["options"]] == ["text-embedding-3-small"]
        nodes = [
            node("look", "moderate", {"credential": key, "text": "{{ $json.text }}"}),
            node("draw", "generate_image", {"credential": key, "prompt": "A {{ $json.text }}", "fileName": "data"}),
            node("embed", "embed", {"credential": key, "text": "{{ $json.text }}"}),
            node("hear", "transcribe", {"credential": key, "output": "srt"}),
            node("after", "no_op"),
        ]
        edges = ("start>look", "look.clean>draw", "draw>embed", "embed>hear", "hear>after")
        made = workflow(f"Services {uuid.uuid4().hex[:6]}", nodes, *edges)
        made["nodes"][0]["params"] = {"items": [{"text": "cat"}, {"text": "bad dog"}]}
        return await run_draft(client, made)

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
    assert execution["status"] == "succeeded", execution["error"]
    [item] = outputs(execution, "after")
    assert item["moderation"]["flagged"] is False
    assert item["embedding"][0] == 3.0
    assert item["transcript"].startswith("1\n00:00:00,000 --> ")
    assert execution["usage"]["counted"]["seconds of audio"] == "90.5"


def asking(credential: str, settings: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
    asked = {"credential": credential, "model": "small", "prompt": "Say {{ $json.n }}", **params}
    nodes = [{**node("ask", "language_model", asked), "settings": settings or {}}, node("after", "no_op")]
    made = workflow(f"Ask {uuid.uuid4().hex[:6]}", nodes, "start>ask", "ask>after")
    made["nodes"][0]["params"] = {"items": [{"n": 1}, {"n": 2}]}
    return made


def test_a_model_answers_each_item_and_its_words_are_seen_while_they_come(tenant: Session) -> None:
    seen = threading.Event()

    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        key = await account(client, "openai", server.openai_url)
        assert (await client.post(f"/credentials/{key}/test", {}))["works"] is True
        asked = {"field": "model", "params": {"credential": key}, "search": ""}
        offered = await client.post("/node-types/language_model/options", asked)
        assert [option["value"] for option in offered["options"]] == ["large", "small"]

        server.says(Says(["Good ", "morning."], tokens=(100, 20, 40), until=seen))
        made = await client.post("/workflows", asking(key, concurrency=1))
        started = await client.post(f"/workflows/{made['id']}/run", {})
        async for event in events(client, started["executionId"]):
            if event["type"] == "node.partial":
                assert event["parts"][0]["text"].startswith("Good")
                seen.set()
        execution: dict[str, Any] = await client.get(f"/executions/{started['executionId']}")
        return execution

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
    assert execution["status"] == "succeeded", execution["error"]
    assert [item["answer"] for item in outputs(execution, "after")] == 2 * ["Good morning."]
    assert seen.is_set()
    assert execution["usage"]["tokens"] == {"small": {"input": 200, "output": 40, "cached": 80}}
    assert execution["usage"]["counted"] == {"answers of unknown price": "2"}
    assert not execution["usage"].get("money")


def test_an_answer_keeps_to_its_schema_after_a_repair_and_a_rate_limit(tenant: Session) -> None:
    limited = Says(status=429, error={"error": {"message": "slow down"}}, headers={"retry_after": "0"})

    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        key = await account(client, "anthropic", server.anthropic_url)
        retries = {"retry": {"maxAttempts": 2, "intervalSeconds": 1}}
        server.says(limited, "I think it is good", '{"verdict": "good"}')
        return await run_draft(client, asking(key, retries, output="json", jsonSchema=VERDICT, concurrency=1))

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
        bodies = server.bodies
    assert execution["status"] == "succeeded", execution["error"]
    assert [item["answer"] for item in outputs(execution, "after")] == 2 * [{"verdict": "good"}]
    assert len(bodies) == 4


def test_a_key_that_is_refused_fails_the_node_in_the_providers_words(tenant: Session) -> None:
    async def run(client: Client, server: ModelServer) -> tuple[dict[str, Any], dict[str, Any]]:
        key = await account(client, "openai", server.openai_url)
        refused = {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}
        server.says(Says(status=401, error=refused))
        server.web.routes["/v1/models"] = lambda exchange: exchange.answer(401, b"no")
        tested = await client.post(f"/credentials/{key}/test", {})
        return await run_draft(client, asking(key)), tested

    with model_server() as server:
        execution, tested = tenant(lambda client: run(client, server))
    assert tested["works"] is False
    assert (execution["status"], execution["error"]["type"]) == ("failed", "ModelAccessDenied")
    assert "Incorrect API key provided" in execution["error"]["message"]
    assert "sk-test" not in str(execution)


def test_what_a_model_reads_and_sorts_goes_its_way(tenant: Session) -> None:
    async def run(client: Client, server: ModelServer) -> dict[str, Any]:
        key = await account(client, "openai", server.openai_url)
        asked = {"credential": key, "model": "small", "text": "{{ $json.text }}", "concurrency": 1}
        fields = [{"name": "order", "type": "integer", "description": "The order's number."}]
        classes = [{"output": "complaint", "description": "Is unhappy."}]
        nodes = [
            node("read", "extract", {**asked, "fields": fields}),
            node("sort", "classify", {**asked, "classes": classes}),
            node("unhappy", "no_op"),
            node("others", "no_op"),
        ]
        made = workflow(
            f"Sort {uuid.uuid4().hex[:6]}",
            nodes,
            "start>read",
            "read>sort",
            "sort.complaint>unhappy",
            "sort.other>others",
        )
        made["nodes"][0]["params"] = {"items": [{"text": "Where is order 7?!"}, {"text": "Thanks."}]}
        read = ['{"order": 7}', '{"order": null}']
        server.says(*read, '{"classes": ["complaint"]}', '{"classes": ["none_of_these"]}')
        return await run_draft(client, made)

    with model_server() as server:
        execution = tenant(lambda client: run(client, server))
    assert execution["status"] == "succeeded", execution["error"]
    assert outputs(execution, "unhappy") == [{"text": "Where is order 7?!", "extracted": {"order": 7}}]
    assert outputs(execution, "others") == [{"text": "Thanks.", "extracted": {"order": None}}]


@pytest.mark.skipif(not (environment.FOLDER / "bin" / "python").exists(), reason="PyPI could not be reached at set-up")
def test_the_model_on_this_machine_answers_without_a_key(demo: Session, settings: LocalSettings) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        await seed(client, settings)
        known = {entry["name"]: entry["id"] for entry in (await client.get("/credentials"))["items"]}
        key = known["Local model"]
        assert (await client.post(f"/credentials/{key}/test", {}))["works"] is True
        asked: dict[str, Any] = {"model": "smollm2-135m", "mostTokens": 40, "concurrency": 1}
        words = await run_draft(client, asking(key, **asked))
        sorted_by = await run_draft(client, asking(key, **asked, output="json", jsonSchema=VERDICT, repairs=5))
        return words, sorted_by

    words, sorted_by = demo(run)
    for execution in (words, sorted_by):
        assert execution["status"] == "succeeded", execution["error"]
    # What so small a model says is nobody's promise; that it says something is.
    assert all(isinstance(item["answer"], str) and item["answer"].strip() for item in outputs(words, "after"))
    assert all(item["answer"]["verdict"] in ("good", "bad") for item in outputs(sorted_by, "after"))
    assert words["usage"]["tokens"]["smollm2-135m"]["output"] > 0
