"""The models of an account, as the editor is offered them."""

from typing import Any

import pytest

from functions.nodes.ai.language_model.options import LOADERS
from functions.nodes.ai.language_model.spec import Params
from stepweave.runtime.asks import AskPayload, answer_ask
from stepweave.runtime.credentials import Vault
from stepweave.runtime.options import options
from stepweave_ai.choosing import loaders
from stepweave_ai.trying import try_out
from tests.fakes.bedrock import account, bedrock_server
from tests.fakes.models import model_server
from tests.fakes.steps import TENANT, Outside


def ask(type: str, data: dict[str, Any], ask: str = "options") -> Any:
    outside = Outside(credentials={("c", type): data})
    asked = {"options": options(LOADERS), "test": try_out}
    return answer_ask(Params, asked, payload(ask), Vault(outside.vault), seconds=10)


def payload(ask: str) -> AskPayload:
    return {
        "ask": ask,
        "tenantId": TENANT,
        "workflowId": "",
        "node": {"id": "n", "name": "n", "type": "language_model", "version": 1},
        "params": {"credential": "c"},
        "given": {"loader": "models", "search": "", "page": "", "credential": "c"},
    }


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")


def test_openais_models_come_the_newest_first_without_those_that_do_not_chat() -> None:
    with model_server() as server:
        server.models = [
            {"id": "gpt-4o", "created": 100},
            {"id": "text-embedding-3-small", "created": 300},
            {"id": "gpt-5.5", "created": 200},
            {"id": 7},
            "nonsense",  # type: ignore[list-item]  # a server may answer anything
        ]
        answer = ask("openai", {"apiKey": "k", "baseUrl": server.openai_url})["answer"]
    assert [option["value"] for option in answer["options"]] == ["gpt-5.5", "gpt-4o"]
    assert server.web.asked[0].headers["authorization"] == "Bearer k"


def test_anthropics_models_have_names() -> None:
    with model_server() as server:
        server.models = [{"id": "claude-opus-5", "display_name": "Claude Opus 5"}]
        answer = ask("anthropic", {"apiKey": "k", "baseUrl": server.anthropic_url})["answer"]
    assert [(option["value"], option["detail"]) for option in answer["options"]] == [("claude-opus-5", "Claude Opus 5")]
    assert server.web.asked[0].path == "/v1/models?limit=1000"


def test_a_key_that_is_refused_is_said() -> None:
    with model_server() as server:
        server.web.routes["/v1/models"] = lambda exchange: exchange.answer(401, b'{"error": "bad key"}')
        told = ask("openai", {"apiKey": "k", "baseUrl": server.openai_url})["error"]
    assert told["type"] == "HttpClientError"
    assert "bad key" in str(told)


def test_bedrocks_models_and_profiles_are_offered_together() -> None:
    with bedrock_server() as server:
        answer = ask("bedrock", account(server))["answer"]
        assert [option["value"] for option in answer["options"]] == [
            "amazon.nova-lite-v1:0",
            "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123",
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        ]
        server.web.routes["/inference-profiles"] = lambda exchange: exchange.answer(
            403, b'{"message": "not authorized"}', x_amzn_errortype="AccessDeniedException"
        )
        answer = ask("bedrock", account(server))["answer"]
    assert [option["value"] for option in answer["options"]] == ["amazon.nova-lite-v1:0"]


def test_what_embeds_is_offered_to_the_node_that_embeds() -> None:
    asked = {"options": options(loaders("embeddings"))}
    with bedrock_server() as server:
        outside = Outside(credentials={("c", "bedrock"): account(server)})
        answer = answer_ask(Params, asked, payload("options"), Vault(outside.vault), seconds=10)["answer"]
    assert [option["value"] for option in answer["options"]] == ["amazon.titan-embed-text-v2:0"]
    assert server.web.asked[0].path == "/foundation-models?byOutputModality=EMBEDDING"


def test_bedrocks_key_is_tried_out() -> None:
    with bedrock_server() as server:
        told = ask("bedrock", account(server), "test")
        assert told == {"answer": {"message": "The key works: 4 models and inference profiles in us-east-1."}}
        server.web.routes["/foundation-models"] = lambda exchange: exchange.answer(
            403, b'{"message": "The security token is invalid."}', x_amzn_errortype="UnrecognizedClientException"
        )
        told = ask("bedrock", account(server), "test")["error"]
    assert told["type"] == "ModelAccessDenied"
    assert "security token is invalid" in told["message"]


@pytest.mark.parametrize("body", [b"[]", b'{"data": null}', b'{"data": {}}', b'"x"'])
def test_an_answer_that_lists_nothing_gives_no_choices(body: bytes) -> None:
    with model_server() as server:
        server.web.routes["/v1/models"] = lambda exchange: exchange.answer(200, body, content_type="application/json")
        assert list(ask("openai", {"baseUrl": server.openai_url})["answer"]["options"]) == []
