"""The HubSpot node against a server that answers as HubSpot documents (developers.hubspot.com, CRM API v3)."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.nodes.apps.hubspot.run import run
from functions.nodes.apps.hubspot.spec import APP, SPEC
from stepweave.runtime.adapter import options_of
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, ResponseInvalid
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.steps import Bench, items
from tests.fakes.web import Exchange, Web

ONE = items({})
CONTACTS = "/crm/v3/objects/contacts"


@pytest.fixture
def node(web: Web, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url(""))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    made = Bench(SPEC, run)
    made.outside.credentials["c", "hubspot_token"] = {"token": "pat-eu1-secret"}
    return made


def params(operation: str, **more: Any) -> dict[str, Any]:
    return {"credential": "c", "resource": "record", "operation": operation, **more}


def gives(data: Any, status: int = 200, **headers: str) -> Any:
    return lambda exchange: exchange.answer(
        status, json.dumps(data).encode(), content_type="application/json;charset=utf-8", **headers
    )


def wrong(message: str, category: str, **more: Any) -> dict[str, Any]:
    return {"status": "error", "message": message, "correlationId": "aeb5f871", "category": category, **more}


def sent(web: Web) -> Any:
    return json.loads(web.asked[-1].body)


ROWS = [
    {"name": "firstname", "value": "{{ $json.name }}"},
    {"name": "age", "value": "{{ $json.age }}"},
    {"name": "phone", "value": ""},
    {"name": "city", "value": "{{ null }}"},
]
ADA = items({"name": "Ada", "age": 36, "email": "ada@example.com"})
PROPERTIES = {"firstname": "Ada", "age": 36, "phone": ""}


def test_a_record_is_created_and_changed(web: Web, node: Bench) -> None:
    web.routes["/crm/v3/objects/companies"] = gives({"id": "512", "properties": {"name": "Ada"}}, 201)
    assert node.json(params("create", object="companies", properties=ROWS), ADA)[0]["id"] == "512"
    assert (web.asked[-1].method, sent(web)) == ("POST", {"properties": PROPERTIES})
    assert web.asked[-1].headers["authorization"] == "Bearer pat-eu1-secret"
    web.routes[f"{CONTACTS}/5%2F1"] = gives({"id": "5/1"})
    assert node.json(params("update", record="5/1", properties=ROWS), ADA) == [{"id": "5/1"}]
    assert (web.asked[-1].method, sent(web)) == ("PATCH", {"properties": PROPERTIES})


def test_a_record_is_changed_or_created_with_one_request(web: Web, node: Bench) -> None:
    web.routes[f"{CONTACTS}/batch/upsert"] = gives({"status": "COMPLETE", "results": [{"id": "512", "new": True}]})
    given = params("upsert", value="{{ $json.email }}", properties=ROWS)
    assert node.json(given, ADA) == [{"id": "512", "new": True}]
    [asked] = web.asked
    inputs = [{"idProperty": "email", "id": "ada@example.com", "properties": PROPERTIES}]
    assert json.loads(asked.body) == {"inputs": inputs}


def test_a_record_that_hubspot_does_not_take_with_others_is_refused(web: Web, node: Bench) -> None:
    told = {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [wrong("Email x is invalid", "VALIDATION")]}
    web.routes[f"{CONTACTS}/batch/upsert"] = gives(told, 207)
    with pytest.raises(HttpClientError, match="Email x is invalid"):
        node.json(params("upsert", value="x"), ONE)
    web.routes[f"{CONTACTS}/batch/upsert"] = gives({"results": [{"id": "1"}], "errors": []})
    assert node.json(params("upsert", value="x"), ONE) == [{"id": "1"}]


def test_a_record_is_read_by_a_property_and_deleted(web: Web, node: Bench) -> None:
    web.routes[f"{CONTACTS}/ada%40example.com"] = gives({"id": "512"})
    given = params("get", record="ada@example.com", knownBy="email", only="email, firstname")
    assert node.json(given, ONE) == [{"id": "512"}]
    query = parse_qs(urlsplit(web.asked[-1].path).query)
    assert query == {"properties": ["email", "firstname"], "idProperty": ["email"]}
    web.routes[f"{CONTACTS}/512"] = lambda exchange: exchange.answer(204)
    assert node.json(params("delete", record="512"), ONE) == [{}]
    assert web.asked[-1].method == "DELETE"


def searched(web: Web, count: int) -> None:
    """Answer searches as HubSpot does: 200 at most, and none behind the 10,000th."""

    def search(exchange: Exchange) -> None:
        asked = json.loads(exchange.asked.body)
        start, size = int(asked.get("after", 0)), asked["limit"]
        if size > 200 or start + size > 10_000:
            told = wrong("There was a problem with the request: paging cannot exceed 10000", "VALIDATION_ERROR")
            gives(told, 400)(exchange)
            return
        found = [{"id": str(n)} for n in range(start, min(start + size, count))]
        paging = {"paging": {"next": {"after": str(start + size)}}} if start + size < count else {}
        gives({"total": count, "results": found, **paging})(exchange)

    web.routes[f"{CONTACTS}/search"] = search


def test_a_search_goes_through_all_pages(web: Web, node: Bench) -> None:
    searched(web, 450)
    where = [{"propertyName": "email", "operator": "CONTAINS_TOKEN", "value": "*@example.com"}]
    given = params("search", returnAll=True, where=where, sort="-createdate", only="email")
    assert [one["id"] for one in node.json(given, ONE)] == [str(n) for n in range(450)]
    first, _, last = (json.loads(asked.body) for asked in web.asked)
    assert first == {
        "filterGroups": [{"filters": where}],
        "sorts": ["-createdate"],
        "properties": ["email"],
        "limit": 200,
    }
    assert last["after"] == "400"


def test_a_search_asks_for_no_more_than_is_wanted(web: Web, node: Bench) -> None:
    searched(web, 450)
    assert len(node.json(params("search", limit=3, words="ada"), ONE)) == 3
    assert sent(web) == {"filterGroups": [], "query": "ada", "sorts": [], "limit": 3}
    assert len(web.asked) == 1
    assert len(node.json(params("search", limit=250), ONE)) == 250


def test_a_search_without_end_and_one_that_is_too_long_are_errors(web: Web, node: Bench) -> None:
    searched(web, 10_500)
    with pytest.raises(HttpClientError, match="cannot exceed 10000"):
        node.json(params("search", returnAll=True), ONE)
    web.routes[f"{CONTACTS}/search"] = gives({"results": [{"id": "1"}], "paging": {"next": {"after": "1"}}})
    with pytest.raises(ResponseInvalid, match="again and again"):
        node.json(params("search", returnAll=True), ONE)


def test_refusals_are_hubspots_words(web: Web, node: Bench) -> None:
    web.routes[CONTACTS] = gives(wrong("Contact already exists. Existing ID: 6001", "CONFLICT"), 409)
    with pytest.raises(HttpClientError, match="Existing ID: 6001"):
        node.json(params("create", properties=ROWS), ADA)
    told = wrong("You have reached your ten_secondly_rolling limit.", "RATE_LIMITS", policyName="TEN_SECONDLY_ROLLING")
    web.routes[CONTACTS] = gives(told, 429)
    with pytest.raises(HttpRateLimited, match="ten_secondly_rolling"):
        node.json(params("create", properties=ROWS), ADA)
    with pytest.raises(ParameterInvalid):
        node.json(params("get", record=".."), ONE)


def test_a_burst_waits_for_its_turn(web: Web, node: Bench) -> None:
    answers = [gives(wrong("Slow down", "RATE_LIMITS"), 429, retry_after="0"), gives({"id": "1"}, 201)]
    web.routes[CONTACTS] = lambda exchange: answers.pop(0)(exchange)
    assert node.json(params("create", properties=ROWS), ADA) == [{"id": "1"}]
    assert len(web.asked) == 2


def test_properties_are_chosen(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url(""))
    web.routes["/crm/v3/properties/deals"] = gives(
        {"results": [{"name": "dealname", "label": "Deal name", "type": "string"}]}
    )
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    bench = AskBench(SPEC, options_of(SPEC))
    bench.outside.credentials["c", "hubspot_token"] = {"token": "pat-eu1-secret"}
    assert bench("options", params("create", object="deals"), loader="properties", search="") == {
        "options": [{"value": "dealname", "label": "Deal name", "detail": "string"}]
    }
