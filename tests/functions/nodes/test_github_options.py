"""Repositories and labels that the GitHub node gives the editor to choose from."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.nodes.apps.github.spec import APP, SPEC
from functions.nodes.apps.github.triggers.events.options import LOADERS
from functions.nodes.apps.github.triggers.events.spec import SPEC as TRIGGER
from stepweave.runtime.adapter import options_of
from stepweave.runtime.http import operations
from stepweave.runtime.options import options
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.web import Exchange, Web

WHERE = {"credential": "c", "resource": "issue", "operation": "list", "owner": "octocat", "repository": "hello-world"}


@pytest.fixture
def node(web: Web, monkeypatch: pytest.MonkeyPatch) -> AskBench:
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url(""))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    made = AskBench(SPEC, options_of(SPEC))
    made.outside.credentials["c", "github_token"] = {"token": "ghp_secret"}
    return made


def gives(data: Any, status: int = 200, /, **headers: str) -> Any:
    body = json.dumps(data).encode()
    return lambda exchange: exchange.answer(status, body, content_type="application/json", **headers)


def query(web: Web) -> dict[str, list[str]]:
    return parse_qs(urlsplit(web.asked[-1].path).query)


def test_repositories_of_an_owner_are_searched(web: Web, node: AskBench) -> None:
    found = [{"name": "hello-world", "description": "My first\nrepository"}, {"name": "linguist", "description": None}]
    web.routes["/search/repositories"] = gives({"total_count": 2, "items": found})
    assert node("options", WHERE, loader="repositories", search="l") == {
        "options": [
            {"value": "hello-world", "label": "hello-world", "detail": "My first repository"},
            {"value": "linguist", "label": "linguist"},
        ]
    }
    assert query(web) == {"q": ["l in:name user:octocat fork:true"], "sort": ["updated"], "per_page": ["50"]}
    assert web.asked[0].headers["authorization"] == "Bearer ghp_secret"


def labels(web: Web, count: int) -> None:
    def list_labels(exchange: Exchange) -> None:
        page = int(parse_qs(urlsplit(exchange.asked.path).query).get("page", ["1"])[0])
        last = page == count
        link = (
            {} if last else {"link": f'<{web.url("/repositories/7/labels")}?per_page=100&page={page + 1}>; rel="next"'}
        )
        gives([{"name": f"label {page}", "description": "x" * 500}], **link)(exchange)

    web.routes["/repos/octocat/hello-world/labels"] = list_labels
    web.routes["/repositories/7/labels"] = list_labels


def test_labels_come_page_by_page(web: Web, node: AskBench) -> None:
    labels(web, 3)
    seen, page = [], ""
    for _ in range(3):
        answer = node("options", WHERE, loader="labels", page=page)
        seen += [one["value"] for one in answer["options"]]
        page = answer.get("next", "")
    assert (seen, page) == (["label 1", "label 2", "label 3"], "")
    assert len(answer["options"][0]["detail"]) == 200


@pytest.mark.parametrize("page", ["x", "{}", "[]", "null", '{"url": 7, "count": 0, "items": 0, "before": 0}'])
def test_a_page_that_is_none_is_refused(web: Web, node: AskBench, page: str) -> None:
    assert node.error("options", WHERE, loader="labels", page=page)["type"] == "ParameterInvalid"
    assert web.asked == []


def test_a_page_of_another_server_is_not_asked_for(web: Web, node: AskBench) -> None:
    page = json.dumps({"url": "https://evil.example.com/labels", "count": 1, "items": 1, "before": 1})
    error = node.error("options", WHERE, loader="labels", page=page)
    assert (error["type"], web.asked) == ("ParameterInvalid", [])


def test_a_next_page_on_another_server_is_an_error(web: Web, node: AskBench) -> None:
    web.routes["/repos/octocat/hello-world/labels"] = gives([], link='<https://evil.example.com/>; rel="next"')
    assert node.error("options", WHERE, loader="labels")["type"] == "ResponseInvalid"


@pytest.mark.parametrize("owner", ["..", "a/b", "a?b=c", "a#b"])
def test_values_lead_nowhere_else(web: Web, node: AskBench, owner: str) -> None:
    error = node.error("options", {**WHERE, "owner": owner}, loader="labels")
    assert error["type"] in ("ParameterInvalid", "HttpClientError")
    assert all(one.path.count("/") == 4 and "/../" not in one.path for one in web.asked)


def test_what_the_server_says_is_told_without_the_token(web: Web, node: AskBench) -> None:
    web.routes["/search/repositories"] = gives({"message": "Bad credentials: ghp_secret"}, 401)
    error = node.error("options", WHERE, loader="repositories")
    assert error["type"] == "HttpClientError"
    assert "Bad credentials: …" in error["message"]
    assert "ghp_secret" not in json.dumps(error)


def test_a_choice_that_quotes_the_token_is_none(web: Web, node: AskBench) -> None:
    found = [{"name": "fine", "description": "Bearer ghp_secret"}, {"name": "ghp_secret"}, {"name": "good"}]
    web.routes["/search/repositories"] = gives({"items": found})
    assert node("options", WHERE, loader="repositories")["options"] == [{"value": "good", "label": "good"}]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ({"items": [1, "x", None, [], {}, {"name": None}, {"name": {"a": 1}}, {"name": ""}]}, 0),
        ({"items": [{"name": 7}, {"name": 7}, {"name": True}]}, 2),
        ({"items": [{"name": "x" * 1001}]}, 0),
        ({"items": None}, 0),
        ({}, 0),
        ([], 0),
        ({"items": [{"name": f"n{n}"} for n in range(1500)]}, 1000),
    ],
)
def test_answers_of_other_shapes_give_what_choices_they_have(web: Web, node: AskBench, body: Any, count: int) -> None:
    web.routes["/search/repositories"] = gives(body)
    answer = node("options", WHERE, loader="repositories")
    assert len(answer["options"]) == count
    assert answer.get("cut", False) is (count == 1000)


def test_the_trigger_has_the_same_repositories(web: Web, node: AskBench) -> None:
    web.routes["/search/repositories"] = gives({"items": [{"name": "hello-world"}]})
    trigger = AskBench(TRIGGER, {"options": options(LOADERS)}, node.outside)
    where = {"credential": "c", "owner": "octocat"}
    answer = trigger("options", where, loader="repositories", search="hello")
    assert answer == {"options": [{"value": "hello-world", "label": "hello-world"}]}
    assert query(web)["q"] == ["hello in:name user:octocat fork:true"]
    assert trigger.error("options", where, loader="labels")["type"] == "ResultInvalid"


def test_a_rate_limit_says_when_to_ask_again(web: Web, node: AskBench) -> None:
    web.routes["/search/repositories"] = gives({"message": "API rate limit exceeded"}, 403, retry_after="30")
    error = node.error("options", WHERE, loader="repositories")
    assert (error["type"], error["retryAfter"]) == ("HttpRateLimited", 30)
