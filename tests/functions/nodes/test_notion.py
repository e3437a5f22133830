"""The Notion node against a server that answers as Notion documents (developers.notion.com/reference)."""

from typing import Any

import pytest

from functions.nodes.apps.notion import options as loaders
from functions.nodes.apps.notion.conditions import Condition, Sorted
from functions.nodes.apps.notion.filters import filter_of, sorts_of
from functions.nodes.apps.notion.ids import id_of
from functions.nodes.apps.notion.plain import plain, plain_page
from functions.nodes.apps.notion.run import run
from functions.nodes.apps.notion.spec import SPEC
from functions.nodes.apps.notion.typed import typed
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, HttpServerError, ResponseInvalid
from stepweave.runtime.options import options
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.notion import BASE_URL, DATABASE, SOURCE, TOKEN, TYPES, Notion
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web

ONE = items({})
TURNS = [{"given": True, "wait": 0}] * 500
KNOWN = {name: {"id": name.lower(), "type": kind} for name, kind in TYPES.items()}
U1 = "33333333-3333-4333-8333-333333333333"


@pytest.fixture
def notion(web: Web, monkeypatch: pytest.MonkeyPatch) -> Notion:
    monkeypatch.setitem(operations.BASE_URLS, BASE_URL, web.url("/v1"))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    return Notion(web, "/v1")


@pytest.fixture
def node(notion: Notion) -> Bench:
    made = Bench(SPEC, run)
    made.outside.credentials["c", "notion_token"] = {"token": TOKEN}
    made.outside.turns = list(TURNS)
    return made


def params(resource: str, operation: str, **more: Any) -> dict[str, Any]:
    return {"credential": "c", "resource": resource, "operation": operation, **more}


def creating(**more: Any) -> dict[str, Any]:
    return params("page", "create", **{"database": SOURCE, **more})


def rows(**values: Any) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def test_a_page_is_made_with_plain_values_and_the_database_asked_for_once(notion: Notion, node: Bench) -> None:
    values = rows(
        Name="{{ $json.name }}", Age="{{ $json.age }}", Done="yes", Tags="a, b", Due="2026-12-31", Status="Open"
    )
    found = node.json(creating(values=values), items({"name": "Ada", "age": 36}, {"name": "Bob", "age": "41.5"}))
    assert [one["title"] for one in found] == ["Ada", "Bob"]
    assert found[1]["properties"] == {
        "Name": "Bob",
        "Age": 41.5,
        "Done": True,
        "Tags": ["a", "b"],
        "Due": "2026-12-31",
        "Status": "Open",
    }
    assert [path for _, path, _ in notion.asked] == [f"data_sources/{SOURCE}", "pages", "pages"]
    assert notion.asked[1][2]["parent"] == {"type": "data_source_id", "data_source_id": SOURCE}


def test_the_address_of_a_database_is_as_good_as_its_data_source(notion: Notion, node: Bench) -> None:
    address = f"https://www.notion.so/acme/{DATABASE.replace('-', '')}?v=44444444444444444444444444444444"
    found = node.json(creating(values=rows(Name="Ada"), database=address), ONE)
    assert found[0]["title"] == "Ada"


def test_a_database_with_several_data_sources_is_not_guessed(notion: Notion, node: Bench) -> None:
    notion.sources.append({"id": "x", "name": "Archive"})
    with pytest.raises(ParameterInvalid, match="it has 2 data sources") as refused:
        node(creating(values=rows(Name="Ada"), database=DATABASE), ONE)
    assert "Archive (x)" in refused.value.remedy


def test_a_database_that_is_not_shared_is_said(node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="that the integration can see"):
        node(creating(values=rows(Name="Ada"), database=U1), ONE)


@pytest.mark.parametrize(
    ("kind", "value", "sent"),
    [
        ("title", 5, [{"type": "text", "text": {"content": "5"}}]),
        ("rich_text", None, []),
        ("number", " 1e3 ", 1000.0),
        ("number", "", None),
        ("number", "007", 7),
        ("select", "", None),
        ("select", "High", {"name": "High"}),
        ("status", {"name": "Done", "color": "green"}, {"name": "Done"}),
        ("multi_select", ["a", "b, c"], [{"name": "a"}, {"name": "b, c"}]),
        ("multi_select", None, []),
        ("date", "2026-12-31/2027-01-02", {"start": "2026-12-31", "end": "2027-01-02"}),
        ("date", {"start": "2026-12-31", "timeZone": "UTC"}, {"start": "2026-12-31", "time_zone": "UTC"}),
        ("date", "", None),
        ("checkbox", "TRUE", True),
        ("checkbox", None, False),
        ("url", "", None),
        ("email", " a@b.c ", "a@b.c"),
        ("phone_number", 123, "123"),
        ("people", U1.replace("-", ""), [{"object": "user", "id": U1}]),
        ("relation", [{"id": U1}], [{"id": U1}]),
        ("relation", f"https://notion.so/x-{U1.replace('-', '')}", [{"id": U1}]),
        ("files", "http://x/a?z", [{"name": "a", "type": "external", "external": {"url": "http://x/a?z"}}]),
        ("files", "http://x/a,b, c", [{"name": "a,b, c", "type": "external", "external": {"url": "http://x/a,b, c"}}]),
        ("select", {"select": {"id": "o1"}}, {"id": "o1"}),
    ],
)  # fmt: skip
def test_a_plain_value_becomes_notions(kind: str, value: Any, sent: Any) -> None:
    assert typed("P", kind, value, "params.values") == {kind: sent}


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("number", "12 EUR", "P: the property takes a number, not “12 EUR”"),
        ("number", True, "a number"),
        ("checkbox", "perhaps", "true or false"),
        ("date", "tomorrow", "a date"),
        ("relation", "Ada", "IDs"),
        ("files", "C:\\x.pdf", "addresses of files"),
        ("rich_text", {"a": 1}, "takes text"),
        ("formula", 5, "Notion fills it in itself"),
        ("place", 5, "cannot be written"),
    ],
)
def test_a_value_that_does_not_fit_names_its_property(kind: str, value: Any, words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words) as refused:
        typed("P", kind, value, "params.values")
    assert refused.value.details["property"] == "P"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"type": "title", "title": []}, ""),
        ({"type": "number", "number": None}, None),
        ({"type": "select", "select": None}, None),
        ({"type": "multi_select", "multi_select": [{"name": "a"}]}, ["a"]),
        ({"type": "date", "date": {"start": "2026-12-31", "end": None}}, "2026-12-31"),
        ({"type": "date", "date": {"start": "a", "end": "b", "time_zone": None}}, {"start": "a", "end": "b"}),
        ({"type": "people", "people": [{"id": "u", "object": "user"}]}, [{"id": "u"}]),
        ({"type": "files", "files": [{"name": "a", "type": "file", "file": {"url": "u"}}]}, [{"name": "a", "url": "u"}]),  # noqa: E501
        ({"type": "relation", "relation": [{"id": "p"}]}, ["p"]),
        ({"type": "formula", "formula": {"type": "string", "string": "x"}}, "x"),
        ({"type": "formula", "formula": {"type": "date", "date": {"start": "2026-01-01"}}}, "2026-01-01"),
        ({"type": "rollup", "rollup": {"type": "number", "number": 3, "function": "sum"}}, 3),
        ({"type": "rollup", "rollup": {"type": "array", "array": [{"type": "number", "number": 3}]}}, [3]),
        ({"type": "unique_id", "unique_id": {"prefix": "T", "number": 7}}, "T-7"),
        ({"type": "created_by", "created_by": {"id": "u", "name": "Ada"}}, {"id": "u", "name": "Ada"}),
        ({"type": "button", "button": {}}, None),
        ({"type": "verification", "verification": {"state": "verified"}}, "verified"),
        ({"type": "hologram", "hologram": {"x": 1}}, {"x": 1}),
    ],
)  # fmt: skip
def test_notions_value_becomes_a_plain_one(value: Any, found: Any) -> None:
    assert plain(value) == found


def test_what_came_can_be_written_again() -> None:
    person, file = {"id": U1, "name": "Ada"}, {"name": "a.pdf", "url": "https://x.y/a.pdf"}
    assert typed("P", "people", [person], "")["people"] == [{"object": "user", "id": U1}]
    assert typed("P", "files", [file], "")["files"][0]["external"] == {"url": "https://x.y/a.pdf"}
    assert plain({"type": "date", **typed("P", "date", {"start": "a", "end": "b"}, "")}) == {"start": "a", "end": "b"}


def test_a_page_without_anything_is_a_page() -> None:
    assert plain_page({"id": "p", "properties": {}})["title"] == ""


def test_a_property_that_is_not_there_is_named_with_those_that_are(node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="There is no property Nmae") as refused:
        node(creating(values=rows(Nmae="Ada")), ONE)
    assert refused.value.remedy.startswith("Write one of: Name, Notes")


def test_a_property_may_be_named_by_its_id_and_an_item_be_the_properties(notion: Notion, node: Bench) -> None:
    node(creating(values=rows(age=5), properties="{{ $json }}"), items({"Name": "Ada", "Age": None}))
    [page] = notion.pages.values()
    assert page["properties"]["Age"]["number"] == 5


def test_long_text_goes_in_pieces_and_no_character_is_cut(notion: Notion, node: Bench) -> None:
    text = "😀" * 1500 + "x" * 3000
    node(creating(values=rows(Name="Ada", Notes="{{ $json.text }}")), items({"text": text}))
    pieces = notion.asked[-1][2]["properties"]["Notes"]["rich_text"]
    assert "".join(piece["text"]["content"] for piece in pieces) == text
    assert len(pieces) == 3


def test_a_page_is_changed_archived_and_restored(notion: Notion, node: Bench) -> None:
    id = notion.add(Name="Ada", Age=1)
    given = params("page", "update", database=SOURCE, page=id, values=rows(Age=2, Notes=""), skipEmpty=True)
    assert node.json(given, ONE)[0]["properties"] == {"Name": "Ada", "Age": 2}
    assert node.json(params("page", "archive", page=id), ONE)[0]["archived"] is True
    assert node.json(params("page", "archive", page=id, pageArchiveRestore=True), ONE)[0]["archived"] is False


def test_a_relation_that_notion_cut_short_comes_whole(notion: Notion, node: Bench) -> None:
    many = [{"id": f"p{number}"} for number in range(130)]
    id = notion.add(Orders=many[:25])
    notion.pages[id]["properties"]["Orders"] |= {"has_more": True, "whole": many}
    [page] = node.json(params("page", "get", page=id), ONE)
    assert page["properties"]["Orders"] == [f"p{number}" for number in range(130)]


def test_pages_are_found_through_all_pages_of_the_list(notion: Notion, node: Bench) -> None:
    for number in range(7):
        notion.add(Name=f"n{number}")
    notion.page_size = 3
    query = params("database", "query", database=SOURCE)
    assert len(node.json({**query, "returnAll": True}, ONE)) == 7
    assert len(node.json({**query, "limit": 4}, ONE)) == 4
    assert len(node.json(params("page", "search", limit=2), ONE)) == 2
    raw = node.json({**query, "raw": True, "limit": 1}, ONE)
    assert raw[0]["object"] == "page"


def test_pages_that_lead_in_a_circle_end(notion: Notion, node: Bench) -> None:
    answer = {"results": [{"id": "x"}], "next_cursor": "1"}
    notion.refuses = [(200, {"id": SOURCE, "properties": {}}, {}), *[(200, answer, {})] * 9]
    with pytest.raises(ResponseInvalid, match="the same page again"):
        node(params("database", "query", database=SOURCE, returnAll=True), ONE)


@pytest.mark.parametrize(
    ("property", "operator", "value", "made"),
    [
        ("Name", "contains", "x", {"property": "Name", "rich_text": {"contains": "x"}}),
        ("Mail", "equals", "a@b.c", {"property": "Mail", "email": {"equals": "a@b.c"}}),
        ("Age", "greater_than", "5", {"property": "Age", "number": {"greater_than": 5}}),
        ("Done", "equals", "yes", {"property": "Done", "checkbox": {"equals": True}}),
        ("Tags", "equals", "a", {"property": "Tags", "multi_select": {"contains": "a"}}),
        ("Status", "does_not_equal", "Done", {"property": "Status", "status": {"does_not_equal": "Done"}}),
        ("Due", "on_or_after", "2026-11-30", {"property": "Due", "date": {"on_or_after": "2026-11-30"}}),
        ("Who", "equals", U1, {"property": "Who", "people": {"contains": U1}}),
        ("Files", "is_empty", None, {"property": "Files", "files": {"is_empty": True}}),
        ("Twice", "equals", 5, {"property": "Twice", "formula": {"number": {"equals": 5}}}),
        ("created_time", "after", "2026-11-30", {"timestamp": "created_time", "created_time": {"after": "2026-11-30"}}),
    ],
)
def test_a_condition_is_a_filter(property: str, operator: Any, value: Any, made: Any) -> None:
    assert filter_of([Condition(property=property, operator=operator, value=value)], "and", {}, KNOWN) == made


def test_conditions_and_a_filter_hold_together() -> None:
    one = Condition(property="Age", operator="is_empty")
    age = {"property": "Age", "number": {"is_empty": True}}
    assert filter_of([one, one], "or", {"a": 1}, KNOWN) == {"and": [{"or": [age, age]}, {"a": 1}]}
    assert filter_of([], "or", {}, KNOWN) is None
    sorts = [Sorted(property="age"), Sorted(property="created_time", direction="descending")]
    assert sorts_of(sorts, KNOWN) == [
        {"property": "Age", "direction": "ascending"},
        {"timestamp": "created_time", "direction": "descending"},
    ]


@pytest.mark.parametrize(
    "text",
    [
        U1,
        U1.replace("-", "").upper(),
        f"https://www.notion.so/acme/Title-of-2026-{U1.replace('-', '')}?v={'4' * 32}&pvs=4",
        f"https://acme.notion.site/{'5' * 32}?v={'4' * 32}&p={U1.replace('-', '')}&pm=s",
        f"https://www.notion.so/T-{U1.replace('-', '')}#{'6' * 32}",
    ],
)
def test_an_id_is_found_in_what_people_copy(text: str) -> None:
    assert id_of(text, "Page", "params.page") == U1


def test_what_has_no_id_is_said(node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="“My page” has no ID"):
        node(params("page", "get", page="My page"), ONE)


def test_a_limit_and_a_conflict_may_be_retried(notion: Notion, node: Bench) -> None:
    id = notion.add()
    limited = {"object": "error", "status": 429, "code": "rate_limited", "message": "You have been rate limited."}
    notion.refuses = [(429, limited, {"retry_after": "7"})]
    with pytest.raises(HttpRateLimited, match="rate_limited: You have been") as error:
        node(params("page", "get", page=id), ONE)
    assert error.value.retry_after == 7
    notion.refuses = [(409, {"code": "conflict_error", "message": "Conflict occurred while saving."}, {})]
    with pytest.raises(HttpServerError, match="conflict_error") as conflict:
        node(params("page", "archive", page=id), ONE)
    assert conflict.value.retryable


def test_a_page_that_is_not_shared_and_a_wrong_token_are_said_in_notions_words(node: Bench) -> None:
    with pytest.raises(HttpClientError, match="object_not_found: Could not find page") as refused:
        node(params("page", "get", page=U1), ONE)
    assert "share the page" in refused.value.remedy
    node.outside.credentials["c", "notion_token"] = {"token": "ntn_wrong"}
    with pytest.raises(HttpClientError, match="unauthorized: API token is invalid") as refused:
        node(params("page", "get", page=U1), ONE)
    assert "ntn_wrong" not in str(refused.value.to_json())


def test_a_comment_is_written_and_needs_a_place(notion: Notion, node: Bench) -> None:
    [made] = node.json(params("comment", "create", commentCreatePage=U1, commentCreateText="Hi"), ONE)
    assert made["parent"] == {"page_id": U1}
    with pytest.raises(ParameterInvalid, match="one of the two"):
        node(params("comment", "create", commentCreateText="Hi"), ONE)


def test_databases_and_properties_are_offered(notion: Notion) -> None:
    form = AskBench(SPEC, {"options": options(loaders.LOADERS)})
    form.outside.credentials["c", "notion_token"] = {"token": TOKEN}
    form.outside.turns = list(TURNS)
    found = form("options", creating(), loader="databases", search="Ta")
    assert found == {"options": [{"value": SOURCE, "label": "Tasks"}]}
    names = [one["value"] for one in form("options", creating(), loader="properties")["options"]]
    writable = [one["value"] for one in form("options", creating(), loader="writable")["options"]]
    assert set(names) - set(writable) == {"Twice", "Edited"}
    assert [one["label"] for one in form("options", creating(), loader="users")["options"]] == ["Ada"]
