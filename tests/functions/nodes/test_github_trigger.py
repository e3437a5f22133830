"""The GitHub trigger against a server that answers as GitHub documents (docs.github.com/en/rest/repos/webhooks)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest

from functions.nodes.apps.github.spec import APP
from functions.nodes.apps.github.triggers.events.handler import handler
from functions.nodes.apps.github.triggers.events.spec import SPEC
from functions.nodes.apps.github.triggers.events.trigger import activate, deactivate, receive
from stepweave.runtime.asks import answer_ask
from stepweave.runtime.credentials import Vault
from stepweave.runtime.http import operations
from tests.fakes import steps
from tests.fakes.steps import Outside
from tests.fakes.web import Exchange, Web

ADDRESS = "https://stepweave.example/hooks/acme/~/" + "a" * 32
HOOKS = "/repos/octocat/hello-world/hooks"
ASKS = {"activate": activate, "deactivate": deactivate, "receive": receive}
PARAMS = {
    "credential": "c",
    "owner": "octocat",
    "repository": "hello-world",
    "events": [{"event": "issues"}, {"event": "push"}, {"event": "push"}],
}
SECRET = "5ec" * 20


class GitHub:
    """A repository's webhooks."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.hooks: dict[int, dict[str, Any]] = {}
        web.routes[HOOKS] = self.all

    def all(self, exchange: Exchange) -> None:
        if exchange.asked.method == "POST":
            id = 12345678 + len(self.hooks)
            self.hooks[id] = {"id": id, **json.loads(exchange.asked.body)}
            self.web.routes[f"{HOOKS}/{id}"] = self.one
            json_of(exchange, self.hooks[id], 201)
        else:
            json_of(exchange, list(self.hooks.values()))

    def one(self, exchange: Exchange) -> None:
        id = int(exchange.asked.path.rpartition("/")[2])
        if self.hooks.pop(id, None) is None:
            json_of(exchange, {"message": "Not Found"}, 404)
        else:
            exchange.answer(204)


def json_of(exchange: Exchange, data: Any, status: int = 200) -> None:
    exchange.answer(status, json.dumps(data).encode(), content_type="application/json; charset=utf-8")


@pytest.fixture
def github(web: Web, monkeypatch: pytest.MonkeyPatch) -> GitHub:
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url(""))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    return GitHub(web)


def ask(name: str, given: Mapping[str, Any], **params: Any) -> Any:
    outside = Outside()
    outside.credentials["c", "github_token"] = {"token": "ghp_secret"}
    payload: Any = {
        "ask": name,
        "tenantId": "t",
        "workflowId": "w",
        "node": {"id": "n", "name": "On", "type": "github_trigger", "version": 1},
        "params": {**PARAMS, **params},
        "given": given,
    }
    return answer_ask(SPEC.params, ASKS, payload, Vault(outside.vault), seconds=10)


def delivery(body: bytes, *, secret: str = SECRET, event: str = "issues", method: str = "POST", **headers: str) -> Any:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    sent = {"x-hub-signature-256": f"sha256={signature}", "x-github-event": event, "x-github-delivery": "d-1"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    raw = base64.b64encode(body).decode()
    return {
        "address": ADDRESS,
        "method": method,
        "headers": sent,
        "query": {},
        "rawBody": raw,
        "kept": {"id": 1, "secret": SECRET},
    }


OPENED = b'{"action":"opened","issue":{"number":7,"title":"\xc3\x9c"},"repository":{"full_name":"octocat/hello-world"}}'


def test_a_webhook_is_made_with_a_secret_of_its_own(github: GitHub) -> None:
    kept = ask("activate", {"address": ADDRESS})["answer"]
    [hook] = github.hooks.values()
    assert kept["id"] == hook["id"]
    assert hook["config"] == {
        "url": ADDRESS,
        "content_type": "json",
        "secret": kept["secret"],
        "insecure_ssl": "0",
    }
    assert (hook["name"], hook["active"], hook["events"]) == ("web", True, ["issues", "push"])
    assert len(kept["secret"]) == 64
    assert ask("activate", {"address": ADDRESS})["answer"]["secret"] != kept["secret"]
    assert github.web.asked[0].headers["authorization"] == "Bearer ghp_secret"


def test_everything_is_one_star(github: GitHub) -> None:
    ask("activate", {"address": ADDRESS}, events=[{"event": "push"}, {"event": "*"}])
    assert next(iter(github.hooks.values()))["events"] == ["*"]


def test_it_is_deleted_by_its_id_or_by_its_address_and_one_that_is_gone_is_fine(github: GitHub) -> None:
    kept = ask("activate", {"address": ADDRESS})["answer"]
    ask("activate", {"address": ADDRESS.replace("a" * 32, "b" * 32)})
    assert ask("deactivate", {"address": ADDRESS, "kept": kept}) == {"answer": None}
    assert len(github.hooks) == 1
    assert ask("deactivate", {"address": ADDRESS, "kept": kept}) == {"answer": None}
    assert ask("deactivate", {"address": ADDRESS, "kept": None}) == {"answer": None}
    assert len(github.hooks) == 1
    assert ask("deactivate", {"address": ADDRESS.replace("a" * 32, "b" * 32), "kept": None}) == {"answer": None}
    assert github.hooks == {}
    github.web.routes.clear()  # the repository is gone
    assert ask("deactivate", {"address": ADDRESS, "kept": None}) == {"answer": None}


def test_a_repository_that_is_not_there_is_said_at_its_field(github: GitHub) -> None:
    github.web.routes.clear()
    error = ask("activate", {"address": ADDRESS})["error"]
    assert (error["type"], error["details"]["field"]) == ("RepositoryMissing", "params.repository")
    assert "octocat/hello-world" in error["message"]


@pytest.mark.parametrize(
    ("status", "type", "retryable"),
    [(401, "HttpClientError", False), (422, "HttpClientError", False), (500, "HttpServerError", True)],
)
def test_what_github_says_is_told(github: GitHub, status: int, type: str, retryable: bool) -> None:
    github.web.routes[HOOKS] = lambda exchange: json_of(exchange, {"message": "Hook is no good"}, status)
    error = ask("activate", {"address": ADDRESS})["error"]
    assert (error["type"], error["retryable"], error["details"]["status"]) == (type, retryable, status)
    assert "Hook is no good" in error["message"]
    assert "ghp_secret" not in json.dumps(error)


def test_a_signed_delivery_is_an_item_and_names_itself(github: GitHub) -> None:
    answer = ask("receive", delivery(OPENED))["answer"]
    assert answer["deliveryId"] == "d-1"
    [one] = answer["items"]
    assert one["json"] == {"event": "issues", "action": "opened", "delivery": "d-1", "payload": json.loads(OPENED)}
    assert github.web.asked == []


@pytest.mark.parametrize(
    "given",
    [
        delivery(OPENED, secret="another"),
        delivery(OPENED, x_hub_signature_256=""),
        delivery(OPENED, x_hub_signature_256="sha256="),
        delivery(OPENED, x_hub_signature_256="sha1=" + "0" * 40),
        delivery(OPENED, x_hub_signature_256="sha256=" + "é\ud800"),
        {**delivery(OPENED), "rawBody": base64.b64encode(OPENED.replace(b"7", b"8")).decode()},
        {**delivery(OPENED, secret=""), "kept": None},
        {**delivery(OPENED, secret=""), "kept": {"secret": ""}},
    ],
)
def test_what_is_not_signed_with_its_secret_is_refused(given: dict[str, Any]) -> None:
    assert ask("receive", given)["answer"]["refuse"]["status"] == 401


def test_the_ping_is_answered_once_it_is_signed() -> None:
    assert ask("receive", delivery(b'{"zen":"Keep it simple"}', event="ping"))["answer"]["answer"]["statusCode"] == 200
    assert "refuse" in ask("receive", delivery(b"{}", event="ping", secret="another"))["answer"]


def test_what_nobody_asked_for_and_what_means_nothing_starts_nothing() -> None:
    assert ask("receive", delivery(OPENED, event="star"))["answer"] == {"items": []}
    assert ask("receive", delivery(b"[1]"))["answer"] == {"items": []}
    assert len(ask("receive", delivery(OPENED, event="star"), events=[{"event": "*"}])["answer"]["items"]) == 1
    assert ask("receive", delivery(OPENED, method="GET"))["answer"]["refuse"]["status"] == 405
    error = ask("receive", delivery(b'{"a":'))["error"]
    assert (error["type"], error["details"]["status"]) == ("CallRefused", 400)
    deep = b'{"a":' * 300 + b"1" + b"}" * 300
    assert ask("receive", delivery(deep))["error"]["details"]["status"] == 400


def test_the_function_answers_asks_and_runs_no_step() -> None:
    class Context:
        def get_remaining_time_in_millis(self) -> int:
            return 30_000

    about = {"tenantId": "t", "workflowId": "", "node": {}, "params": PARAMS, "given": delivery(OPENED)}
    answer: Any = handler({"ask": "receive", **about}, Context())
    assert answer["answer"]["items"][0]["json"]["event"] == "issues"
    answer = handler({"inputs": {}, **about}, Context())
    assert answer["error"]["type"] == "ResultInvalid"


def test_an_ask_that_a_function_does_not_have_is_named_in_its_refusal() -> None:
    """The sweeper knows by that that a trigger which only polls has nothing at its provider."""
    error = ask("poll", {})["error"]
    assert (error["type"], error["details"]) == ("ResultInvalid", {"unknownAsk": "poll"})
