"""The GitHub node against a server that answers as GitHub documents (docs.github.com/en/rest, version 2022-11-28)."""

import base64
import json
import time
from typing import Any

import pytest

from functions.nodes import catalogue
from functions.nodes.apps.github.run import run
from functions.nodes.apps.github.spec import APP, SPEC
from stepweave.compiler.check.parameters import problems
from stepweave.model.workflow import Node
from stepweave.runtime.authentication import CredentialNotForHost
from stepweave.runtime.errors import CredentialMissing, NodeError, ParameterInvalid
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited
from stepweave.spec.catalogue import CatalogueEntry
from tests.fakes import steps
from tests.fakes.steps import Bench, items
from tests.fakes.web import Exchange, Web

WHERE = {"credential": "c", "owner": "octocat", "repository": "hello-world"}
ONE = items({})


@pytest.fixture
def node(web: Web, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url(""))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    made = Bench(SPEC, run)
    made.outside.credentials["c", "github_token"] = {"token": "ghp_secret"}
    return made


def params(resource: str, operation: str, **more: Any) -> dict[str, Any]:
    return {**WHERE, "resource": resource, "operation": operation, **more}


def gives(data: Any, status: int = 200, /, **headers: str) -> Any:
    body = json.dumps(data).encode()
    return lambda exchange: exchange.answer(status, body, content_type="application/json; charset=utf-8", **headers)


def test_an_issue_is_created(web: Web, node: Bench) -> None:
    web.routes["/repos/octocat/hello-world/issues"] = gives({"number": 1347, "title": "Order 7"}, 201)
    given = params("issue", "create", issueCreateTitle="Order {{ $json.id }}", issueCreateLabels=["bug"])
    assert node.json(given, items({"id": 7})) == [{"number": 1347, "title": "Order 7"}]
    [asked] = web.asked
    assert (asked.method, json.loads(asked.body)) == ("POST", {"title": "Order 7", "labels": ["bug"]})
    assert asked.headers["authorization"] == "Bearer ghp_secret"
    assert asked.headers["accept"] == "application/vnd.github+json"
    assert asked.headers["x-github-api-version"] == "2022-11-28"


def test_one_request_for_each_item_and_the_order_is_kept(web: Web, node: Bench) -> None:
    for number in (1, 2):
        web.routes[f"/repos/octocat/hello-world/issues/{number}"] = gives({"number": number})
    given = params("issue", "get", number="{{ $json.n }}")
    assert node.json(given, items({"n": 2}, {"n": 1})) == [{"number": 2}, {"number": 1}]


def pages(web: Web, count: int, size: int = 2) -> None:
    """Answer as GitHub does: the links lead to another path, and there is none on a single page."""

    def list_issues(exchange: Exchange) -> None:
        query = dict(pair.split("=") for pair in exchange.asked.path.partition("?")[2].split("&"))
        page = int(query.get("page", 1))
        last = -(-count // size)
        url = web.url(f"/repositories/1296269/issues?state={query['state']}&per_page={query['per_page']}&page=")
        links = [f'<{url}{page - 1}>; rel="prev"'] if page > 1 else []
        links += [f'<{url}{page + 1}>; rel="next"', f'<{url}{last}>; rel="last"'] if page < last else []
        found = [{"number": n} for n in range((page - 1) * size, min(page * size, count))]
        gives(found, **({"link": ", ".join(links)} if links else {}))(exchange)

    web.routes["/repos/octocat/hello-world/issues"] = list_issues
    web.routes["/repositories/1296269/issues"] = list_issues


def test_a_list_goes_through_all_pages(web: Web, node: Bench) -> None:
    pages(web, 5)
    given = params("issue", "list", returnAll=True, issueListState="all")
    assert [one["number"] for one in node.json(given, ONE)] == [0, 1, 2, 3, 4]
    first, *others = [asked.path for asked in web.asked]
    assert first == "/repos/octocat/hello-world/issues?state=all&per_page=100"  # no empty `labels`, no `since`
    assert [path[-1] for path in others] == ["2", "3"]
    assert all(asked.headers["authorization"] == "Bearer ghp_secret" for asked in web.asked)


def test_a_list_ends_with_its_limit_and_asks_for_no_more_than_it_needs(web: Web, node: Bench) -> None:
    pages(web, 50)
    assert len(node.json(params("issue", "list", limit=3), ONE)) == 3
    assert [asked.path.partition("?")[2] for asked in web.asked] == [
        "state=open&per_page=3",
        "state=open&per_page=3&page=2",
    ]


def test_an_empty_list_gives_no_items(web: Web, node: Bench) -> None:
    web.routes["/repos/octocat/hello-world/issues"] = gives([])
    assert node.json(params("issue", "list"), ONE) == []


def test_a_next_page_on_another_server_is_refused(web: Web, node: Bench) -> None:
    elsewhere = '<https://evil.example/issues?page=2>; rel="next"'
    web.routes["/repos/octocat/hello-world/issues"] = gives([{"number": 1}], link=elsewhere)
    with pytest.raises(NodeError, match=r"Issue: List: .* another server"):
        node(params("issue", "list", returnAll=True), ONE)


def test_a_list_that_leads_in_a_circle_ends_with_an_error(web: Web, node: Bench) -> None:
    circle = f'<{web.url("/repos/octocat/hello-world/issues?state=open&per_page=100")}>; rel="next"'
    web.routes["/repos/octocat/hello-world/issues"] = gives([{"number": 1}], link=circle)
    with pytest.raises(NodeError, match="the same page again"):
        node(params("issue", "list", returnAll=True), ONE)
    assert len(web.asked) == 1


@pytest.mark.parametrize("owner", ["..", "."])
def test_a_value_cannot_lead_up(web: Web, node: Bench, owner: str) -> None:
    with pytest.raises(ParameterInvalid, match="cannot go up"):
        node(params("issue", "get", number=1) | {"owner": owner}, ONE)
    assert web.asked == []


def test_a_value_cannot_change_the_path(web: Web, node: Bench) -> None:
    web.routes["/repos/a%2F..%2Fb%3Fc%23/hello-world/issues/1"] = gives({"number": 1})
    assert node.json(params("issue", "get", number=1) | {"owner": "a/../b?c#"}, ONE) == [{"number": 1}]


def test_a_refusal_names_resource_and_operation_in_githubs_words(web: Web, node: Bench) -> None:
    web.routes["/repos/octocat/hello-world/issues/9"] = gives({"message": "Not Found", "status": "404"}, 404)
    with pytest.raises(HttpClientError, match=r"^Issue: Get: .*404.*Not Found") as refused:
        node(params("issue", "get", number=9), ONE)
    assert {"resource": "issue", "operation": "get", "status": 404}.items() <= refused.value.details.items()
    assert "ghp_secret" not in str(refused.value.to_json())


def test_a_secondary_rate_limit_is_retried_when_github_says(web: Web, node: Bench) -> None:
    words = {"message": "You have exceeded a secondary rate limit."}
    web.routes["/repos/octocat/hello-world/issues/1"] = gives(words, 403, retry_after="30")
    with pytest.raises(HttpRateLimited, match="Issue: Get") as limited:
        node(params("issue", "get", number=1), ONE)
    assert limited.value.retry_after == 30


def test_a_primary_rate_limit_is_retried_after_its_reset(web: Web, node: Bench) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 100)}
    web.routes["/repos/octocat/hello-world/issues/1"] = gives({"message": "API rate limit exceeded"}, 403, **headers)
    with pytest.raises(HttpRateLimited) as limited:
        node(params("issue", "get", number=1), ONE)
    assert limited.value.retry_after is not None
    assert 60 < limited.value.retry_after <= 100


def test_a_missing_permission_is_no_rate_limit(web: Web, node: Bench) -> None:
    headers = {"x-ratelimit-remaining": "4999"}
    web.routes["/repos/octocat/hello-world/issues/1"] = gives({"message": "Resource not accessible"}, 403, **headers)
    with pytest.raises(HttpClientError) as refused:
        node(params("issue", "get", number=1), ONE)
    assert type(refused.value) is HttpClientError


def test_a_comment_is_written(web: Web, node: Bench) -> None:
    web.routes["/repos/octocat/hello-world/issues/7/comments"] = gives({"id": 1, "body": "5"}, 201)
    given = params("comment", "create", number="7", commentCreateBody="{{ $json.n }}")
    assert node.json(given, items({"n": 5})) == [{"id": 1, "body": "5"}]
    assert json.loads(web.asked[0].body) == {"body": "5"}


FILE = "/repos/octocat/hello-world/contents/docs/my%20notes.md"


def saved(text: str) -> dict[str, Any]:
    more = {"fileSavePath": "docs/my notes.md", "fileSaveText": text, "fileSaveMessage": "Say it"}
    return params("file", "save", **more)


def contents(there: dict[str, Any] | None) -> Any:
    def answer(exchange: Exchange) -> None:
        if exchange.asked.method == "GET":
            gives(there or {"message": "Not Found"}, 200 if there else 404)(exchange)
        else:
            gives({"content": {"path": "docs/my notes.md"}, "commit": {"sha": "7638417d"}}, 201)(exchange)

    return answer


def test_a_new_file_is_created(web: Web, node: Bench) -> None:
    web.routes[FILE] = contents(None)
    assert node.json(saved("Grüße"), ONE)[0]["commit"] == {"sha": "7638417d"}
    sent = json.loads(web.asked[1].body)
    assert sent == {"message": "Say it", "content": base64.b64encode("Grüße".encode()).decode()}


def test_a_file_that_is_there_is_changed_by_its_hash(web: Web, node: Bench) -> None:
    web.routes[FILE] = contents({"sha": "3d21ec53", "content": "b2xk\n"})
    node(saved("new"), ONE)
    assert json.loads(web.asked[1].body)["sha"] == "3d21ec53"


def test_a_file_with_this_text_is_not_written_again(web: Web, node: Bench) -> None:
    web.routes[FILE] = contents({"sha": "3d21ec53", "content": base64.b64encode(b"same").decode() + "\n"})
    assert node.json(saved("same"), ONE)[0]["commit"] is None
    assert [asked.method for asked in web.asked] == ["GET"]


def test_a_way_up_in_a_files_path_is_refused(web: Web, node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="File: Save: A path cannot go up"):
        node(saved("x") | {"fileSavePath": "docs/../../../user"}, ONE)
    assert web.asked == []


def test_the_token_goes_to_github_alone(web: Web, node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url(""))
    with pytest.raises(CredentialNotForHost):
        node(params("issue", "get", number=1), ONE)
    assert web.asked == []


# What the form says


def diagnosed(given: dict[str, Any]) -> list[tuple[str, str]]:
    entry = catalogue.catalogue().get("github", 1) or CatalogueEntry.of(SPEC)
    node = Node(id="n1", name="GitHub", type="github", position={"x": 0, "y": 0}, params=given)
    return [(str(one.field), one.code) for one in problems(node, entry)]


def test_parameters_of_other_operations_are_not_asked_for() -> None:
    assert diagnosed(params("issue", "get", number=1)) == []
    assert diagnosed(params("issue", "list")) == []


def test_what_an_operation_needs_is_asked_for() -> None:
    assert diagnosed(params("issue", "create")) == [("params.issueCreateTitle", "missing_parameter")]
    assert diagnosed(params("comment", "create")) == [
        ("params.number", "missing_parameter"),
        ("params.commentCreateBody", "missing_parameter"),
    ]
    assert diagnosed(params("issue", "create", issueCreateTitle="")) == [
        ("params.issueCreateTitle", "missing_parameter")
    ], "an empty field is said once"


def test_an_operation_that_the_resource_does_not_have_is_found() -> None:
    assert diagnosed(params("file", "merge")) == [("params.operation", "invalid_parameter")]
    assert ("params.resource", "invalid_parameter") in diagnosed(params("pull", "get"))
    assert ("params.operation", "missing_parameter") in diagnosed({**WHERE, "resource": "file"})


def test_such_an_operation_is_refused_where_it_runs_all_the_same(node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="has no operation merge") as refused:
        node(params("file", "merge"), ONE)
    assert refused.value.remedy == "Choose one of get, list, save, delete."


def test_a_missing_value_is_named_as_the_form_has_it(node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="Issue: Create: Title") as refused:
        node(params("issue", "create"), ONE)
    assert refused.value.details["field"] == "params.issueCreateTitle"


# Connected by a person (OAuth2)


@pytest.fixture
def account(node: Bench) -> Bench:
    """A node whose credential is an account whose token is about to be refused."""
    del node.outside.credentials["c", "github_token"]
    node.outside.credentials["c", "github_oauth2"] = {"accessToken": "old"}
    node.outside.renewed = {"accessToken": "new"}
    return node


def only_new(data: Any) -> Any:
    """Return a route that refuses every token but the renewed one."""

    def answer(exchange: Exchange) -> None:
        fine = exchange.asked.headers["authorization"] == "Bearer new"
        gives(data if fine else {"message": "Bad credentials"}, 200 if fine else 401)(exchange)

    return answer


def test_a_token_that_github_refuses_is_renewed_and_the_request_sent_once_more(web: Web, account: Bench) -> None:
    web.routes["/repos/octocat/hello-world/issues/1"] = only_new({"number": 1})
    assert account.json(params("issue", "get", number=1), items({}, {})) == [{"number": 1}, {"number": 1}]
    sent = [asked.headers["authorization"] for asked in web.asked]
    assert sent == ["Bearer old", "Bearer new", "Bearer new"]
    assert account.outside.renewals == ["old"]


def test_a_body_is_sent_whole_with_the_renewed_token(web: Web, account: Bench) -> None:
    web.routes["/repos/octocat/hello-world/issues"] = only_new({"number": 2})
    account(params("issue", "create", issueCreateTitle="Ä"), ONE)
    assert [json.loads(asked.body) for asked in web.asked] == [{"title": "Ä"}, {"title": "Ä"}]


def test_a_token_that_is_refused_again_is_an_error(web: Web, account: Bench) -> None:
    account.outside.renewed = {"accessToken": "no better"}
    web.routes["/repos/octocat/hello-world/issues/1"] = only_new({})
    with pytest.raises(HttpClientError, match="Bad credentials") as caught:
        account(params("issue", "get", number=1), ONE)
    assert (caught.value.details["status"], len(web.asked)) == (401, 2)
    assert "no better" not in caught.value.message


def test_a_personal_token_that_is_refused_is_not_asked_again(web: Web, node: Bench) -> None:
    web.routes["/repos/octocat/hello-world/issues/1"] = only_new({})
    with pytest.raises(HttpClientError, match="Bad credentials"):
        node(params("issue", "get", number=1), ONE)
    assert len(web.asked) == 1


def test_a_credential_of_another_type_is_none(node: Bench) -> None:
    node.outside.credentials = {("c", "http_header"): {"name": "x", "value": "y"}}
    with pytest.raises(CredentialMissing):
        node(params("issue", "get", number=1), ONE)


def test_a_list_goes_on_with_the_renewed_token(web: Web, account: Bench) -> None:
    def pages(exchange: Exchange) -> None:
        if exchange.asked.headers["authorization"] != "Bearer new":
            gives({"message": "Bad credentials"}, 401)(exchange)
            return
        last = "page=2" in exchange.asked.path
        more = {} if last else {"link": f'<{web.url("/repos/octocat/hello-world/issues?page=2")}>; rel="next"'}
        gives([{"number": 2 if last else 1}], 200, **more)(exchange)

    web.routes["/repos/octocat/hello-world/issues"] = pages
    assert account.json(params("issue", "list", returnAll=True), ONE) == [{"number": 1}, {"number": 2}]
    assert account.outside.renewals == ["old"]
