"""The Airtable node against a server that answers as Airtable documents (airtable.com/developers/web/api)."""

import base64
import hashlib
from typing import Any

import pytest

from functions.nodes.apps.airtable import options as loaders
from functions.nodes.apps.airtable.conditions import Condition
from functions.nodes.apps.airtable.formulas import formula_of
from functions.nodes.apps.airtable.run import run
from functions.nodes.apps.airtable.spec import SPEC
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, ResponseInvalid
from stepweave.runtime.options import options
from tests.fakes import steps
from tests.fakes.airtable import BASE_URL, CONTENT_URL, TOKEN, Airtable
from tests.fakes.asks import AskBench
from tests.fakes.steps import BUCKET, TENANT, Bench, items
from tests.fakes.web import Web

WHERE = {"credential": "c", "base": "app1", "table": "Orders"}
GO_ON = {"onError": "continue", "maxAttempts": 1}
NAME = [{"name": "Name", "value": "{{ $json.name }}"}]
TURNS = [{"given": True, "wait": 0}] * 500


@pytest.fixture
def airtable(web: Web, monkeypatch: pytest.MonkeyPatch) -> Airtable:
    monkeypatch.setitem(operations.BASE_URLS, BASE_URL, web.url("/v0"))
    monkeypatch.setitem(operations.BASE_URLS, CONTENT_URL, web.url("/v0"))
    monkeypatch.setattr(steps, "hosts_of", lambda type, data: ("127.0.0.1",))
    return Airtable(web, "/v0")


@pytest.fixture
def node(airtable: Airtable) -> Bench:
    made = Bench(SPEC, run)
    made.outside.credentials["c", "airtable_token"] = {"token": TOKEN}
    made.outside.turns = list(TURNS)
    return made


def params(operation: str, resource: str = "record", **more: Any) -> dict[str, Any]:
    return {**WHERE, "resource": resource, "operation": operation, **more}


def named(*names: Any) -> Any:
    return items(*({"name": name} for name in names))


def sent(airtable: Airtable) -> list[int]:
    return [len(body.get("records", body.get("records[]", []))) for _, _, body in airtable.asked]


def test_items_become_records_ten_in_a_request_and_in_their_order(airtable: Airtable, node: Bench) -> None:
    found = node.json(params("create", cells=NAME), named(*range(23)))
    assert [one["fields"]["Name"] for one in found] == list(range(23))
    assert sent(airtable) == [10, 10, 3]
    assert airtable.asked[0][2]["typecast"] is True


def test_only_the_item_that_is_refused_fails(airtable: Airtable, node: Bench) -> None:
    cells = [{"name": "Total", "value": "{{ $json.name }}"}]
    found = node.json(params("create", cells=cells), named(1, "no", 3), settings=GO_ON)
    assert [one["fields"]["Total"] for one in (found[0], found[2])] == [1, 3]
    assert 'INVALID_VALUE_FOR_COLUMN: Field "Total" cannot' in found[1]["error"]["message"]
    assert [one["fields"]["Total"] for one in airtable.records.values()] == [1, 3]


def test_nothing_behind_a_refused_item_is_written_where_the_step_ends(airtable: Airtable, node: Bench) -> None:
    cells = [{"name": "Total", "value": "{{ $json.name }}"}]
    with pytest.raises(HttpClientError) as refused:
        node(params("create", cells=cells), named(1, "no", 3))
    assert (refused.value.item, refused.value.details["code"]) == (1, "INVALID_VALUE_FOR_COLUMN")
    assert "Convert values" in refused.value.remedy
    assert [one["fields"]["Total"] for one in airtable.records.values()] == [1]


def test_a_limit_is_that_of_all_and_waits_as_long_as_airtable_wants(airtable: Airtable, node: Bench) -> None:
    airtable.refuses = [(429, {"errors": [{"error": "RATE_LIMIT_REACHED", "message": "Rate limit exceeded."}]})]
    with pytest.raises(HttpRateLimited, match="RATE_LIMIT_REACHED: Rate limit exceeded") as limited:
        node(params("create", cells=NAME), named("a", "b"))
    assert (limited.value.retry_after, len(airtable.asked)) == (30, 1)


def test_after_a_failure_nobody_knows_of_no_other_item_is_sent_with_it(airtable: Airtable, node: Bench) -> None:
    airtable.refuses = [(503, {"error": "SERVICE_UNAVAILABLE"})]
    found = node.json(params("create", cells=NAME), named("a", "b"), settings=GO_ON)
    assert [one["error"]["type"] for one in found] == ["HttpServerError"] * 2
    assert len(airtable.asked) == 1


def test_fewer_records_than_were_sent_are_no_answer(airtable: Airtable, node: Bench) -> None:
    airtable.refuses = [(200, {"records": []})]
    with pytest.raises(ResponseInvalid, match="0 records to 2"):
        node(params("create", cells=NAME), named("a", "b"))


def test_a_record_that_two_items_change_is_changed_by_one_after_the_other(airtable: Airtable, node: Bench) -> None:
    id = airtable.add(Name="old", Total=5)
    given = params("update", record=id, cells=NAME)
    assert [one["fields"]["Name"] for one in node.json(given, named("a", "b"))] == ["a", "b"]
    assert airtable.records[id]["fields"] == {"Name": "b", "Total": 5}
    assert sent(airtable) == [1, 1]


def test_cells_that_are_not_named_are_emptied_where_that_is_wanted(airtable: Airtable, node: Bench) -> None:
    id = airtable.add(Name="old", Total=5)
    node(params("update", record=id, cells=NAME, recordUpdateReplace=True), named("a"))
    assert airtable.records[id]["fields"] == {"Name": "a"}


def test_empty_text_empties_a_cell_or_leaves_it(airtable: Airtable, node: Bench) -> None:
    id = airtable.add(Name="old", Status="Open")
    cells = [{"name": "Status", "value": ""}, {"name": "Name", "value": "{{ $json.nothing }}"}]
    node(params("update", record=id, cells=cells, skipEmpty=True), named("a"))
    assert airtable.records[id]["fields"] == {"Name": "old", "Status": "Open"}
    node(params("update", record=id, cells=cells), named("a"))
    assert airtable.records[id]["fields"] == {}


def test_known_records_are_changed_and_others_added(airtable: Airtable, node: Bench) -> None:
    airtable.add(Name="Ada", Total=1)
    cells = [*NAME, {"name": "Total", "value": "{{ $json.total }}"}]
    rows = items({"name": "Ada", "total": 2}, {"name": "Bob", "total": 3}, {"name": "Bob", "total": 4})
    found = node.json(params("upsert", cells=cells, recordUpsertMatch="Name"), rows)
    assert [(one["id"], one["created"]) for one in found] == [("rec1", False), ("rec2", True), ("rec2", False)]
    assert airtable.records["rec2"]["fields"] == {"Name": "Bob", "Total": 4}
    assert sent(airtable) == [2, 1]
    assert airtable.asked[0][2]["performUpsert"] == {"fieldsToMergeOn": ["Name"]}


def test_an_item_without_what_it_is_known_by_fails_alone(airtable: Airtable, node: Bench) -> None:
    given = params("upsert", cells=NAME, recordUpsertMatch="Name")
    found = node.json(given, named("a", None, "c"), settings=GO_ON)
    assert [one["created"] for one in (found[0], found[2])] == [True, True]
    assert found[1]["error"]["message"] == "Record: Create or update: Known by: the item has no value for Name."


def test_a_name_with_a_comma_is_one_field(airtable: Airtable, node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="no value for Last, First"):
        node(params("upsert", cells=NAME, recordUpsertMatch="Last\\, First"), named("a"))


def test_records_are_deleted_and_one_that_is_gone_is_an_error_of_its_own(airtable: Airtable, node: Bench) -> None:
    for _ in range(3):
        airtable.add()
    found = node.json(params("delete", record="{{ $json.name }}"), named("rec1", "rec9", "rec3"), settings=GO_ON)
    assert [one.get("deleted") for one in found] == [True, None, True]
    assert list(airtable.records) == ["rec2"]


def test_an_item_that_is_a_record_is_written_as_it_is(airtable: Airtable, node: Bench) -> None:
    record = {"id": "rec7", "createdTime": "2026-11-30T09:00:00.000Z", "fields": {"Name": "Ada", "Total": 1}}
    node(params("create", fields="{{ $json }}", cells=[{"name": "Total", "value": 2}]), items(record, {"Name": "Bob"}))
    assert [one["fields"] for one in airtable.records.values()] == [
        {"Name": "Ada", "Total": 2},
        {"Name": "Bob", "Total": 2},
    ]


def test_a_field_that_is_there_twice_is_refused(node: Bench) -> None:
    with pytest.raises(ParameterInvalid, match="Name is there twice"):
        node(params("create", cells=[*NAME, *NAME]), named("a"))


def test_a_list_goes_through_all_pages_and_ends_with_its_limit(airtable: Airtable, node: Bench) -> None:
    for number in range(7):
        airtable.add(Name=number)
    airtable.page = 3
    assert len(node.json(params("list", returnAll=True), items({}))) == 7
    assert len(node.json(params("list", limit=4), items({}))) == 4
    assert [body.get("pageSize") for _, _, body in airtable.asked] == [100, 100, 100, 4, 1]


def test_pages_that_lead_in_a_circle_end(airtable: Airtable, node: Bench) -> None:
    airtable.refuses = [(200, {"records": [{"id": "rec1"}], "offset": "itr1"})] * 9
    with pytest.raises(ResponseInvalid, match="the same page again"):
        node(params("list", returnAll=True), items({}))
    assert len(airtable.asked) == 2


def test_what_is_asked_for_goes_along(airtable: Airtable, node: Bench) -> None:
    given = params(
        "list",
        recordListWhere=[{"field": "Name", "operator": "equal", "value": "{{ $json.name }}"}],
        recordListFormula="{Total}>5",
        recordListSort=[{"field": "Total", "direction": "desc"}],
        recordListNames="Name, Total",
        recordListView="Grid",
        byFieldId=True,
    )
    node(given, named('a" ,TRUE())'))
    [(_, path, body)] = airtable.asked
    assert (path, body) == (
        "app1/Orders/listRecords",
        {
            "filterByFormula": 'AND({Name}&""="a\\" ,TRUE())",{Total}>5)',
            "view": "Grid",
            "sort": [{"field": "Total", "direction": "desc"}],
            "fields": ["Name", "Total"],
            "returnFieldsByFieldId": True,
            "pageSize": 50,
        },
    )


@pytest.mark.parametrize(
    ("operator", "value", "formula"),
    [
        ("equal", 5, "{A}=5"),
        ("equal", "5", '{A}&""="5"'),
        ("equal", True, "{A}=TRUE()"),
        ("equal", None, '{A}&""=""'),
        ("notEqual", 'say "hi"\\\n', 'NOT({A}&""="say \\"hi\\"\\\\\\n")'),
        ("contains", "Ü", 'FIND(LOWER("Ü"),LOWER({A}&""))>0'),
        ("notContains", "x", 'NOT(FIND(LOWER("x"),LOWER({A}&""))>0)'),
        ("startsWith", "x", 'FIND(LOWER("x"),LOWER({A}&""))=1'),
        ("greater", "1e3", 'AND({A}&""!="",{A}>1000)'),
        ("after", "2026-11-30", 'IS_AFTER({A},DATETIME_PARSE("2026-11-30T00:00:00"))'),
        ("before", "2026-11-30T09:00:00Z", 'IS_BEFORE({A},DATETIME_PARSE("2026-11-30T09:00:00+00:00"))'),
        ("empty", None, '{A}&""=""'),
        ("notEmpty", "x", 'NOT({A}&""="")'),
    ],
)
def test_a_condition_is_a_formula(operator: Any, value: Any, formula: str) -> None:
    assert formula_of([Condition(field="A", operator=operator, value=value)], "AND", "") == formula


@pytest.mark.parametrize(
    ("operator", "value", "words"),
    [
        ("greater", "5) , TRUE(", "which is no number"),
        ("less", "NaN", "which is no number"),
        ("after", "soon", "which is no date"),
        ("equal", {"a": 1}, "an object or a list"),
    ],
)
def test_a_value_that_does_not_fit_is_named(operator: Any, value: Any, words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words) as refused:
        formula_of([Condition(field="A", operator=operator, value=value)], "AND", "")
    assert refused.value.details["field"] == "params.where.0.value"


def test_a_fields_name_cannot_end_its_braces() -> None:
    one = Condition(field="a} , TRUE() {b", operator="empty")
    assert formula_of([one, one], "OR", "") == 'OR({a\\} , TRUE() {b}&""="",{a\\} , TRUE() {b}&""="")'


def stored(node: Bench, content: bytes, **more: Any) -> Any:
    """Return an item with a file that is stored."""
    node.outside.storage.put(BUCKET, f"{TENANT}/f", content)
    ref = {"bucket": BUCKET, "key": f"{TENANT}/f", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return [{"json": {}, "binary": {"data": {**ref, "mimeType": "text/plain", "fileName": "n.txt", **more}}}]


def test_a_file_comes_into_a_cell(airtable: Airtable, node: Bench) -> None:
    given = params("add", "attachment", record="rec1", attachmentAddCell="Files")
    found = node.json(given, stored(node, b"hello"))
    assert found == [{"id": "rec1", "fields": {"Files": [{"filename": "n.txt", "type": "text/plain"}]}}]
    [(_, path, body)] = airtable.asked
    assert (path, base64.b64decode(body["file"])) == ("app1/rec1/Files/uploadAttachment", b"hello")


def test_a_file_that_is_too_large_is_not_sent(airtable: Airtable, node: Bench) -> None:
    given = params("add", "attachment", record="rec1", attachmentAddCell="Files")
    with pytest.raises(ParameterInvalid, match="Airtable takes 5242880"):
        node(given, stored(node, b"", size=6_000_000))
    assert airtable.asked == []


def test_bases_and_tables_are_listed(node: Bench) -> None:
    bases = node.json({"credential": "c", "resource": "base", "operation": "list", "returnAll": True}, items({}))
    assert [one["id"] for one in bases] == ["app1", "app2"]
    [table] = node.json(params("list", "table"), items({}))
    assert table["name"] == "Orders"


def test_a_wrong_token_and_a_wrong_base_are_said_in_airtables_words(node: Bench) -> None:
    with pytest.raises(NodeError, match="INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND") as refused:
        node(params("get", record="rec1") | {"base": "app9"}, items({}))
    assert "access to the base" in refused.value.remedy
    node.outside.credentials["c", "airtable_token"] = {"token": "pat_wrong"}
    with pytest.raises(NodeError, match="AUTHENTICATION_REQUIRED") as refused:
        node(params("get", record="rec1"), items({}))
    assert "pat_wrong" not in str(refused.value.to_json())


OF_ONE_OPERATION = ("attachment_add_cell", "record_upsert_match")
"""They say which thing it is about, so they stand before what is written."""


def test_what_is_most_used_stands_first_in_the_form() -> None:
    names = [name for name in SPEC.params.model_fields if name not in ("by_field_id", *OF_ONE_OPERATION)]
    assert names[:7] == ["credential", "resource", "operation", "base", "table", "record", "cells"]
    assert SPEC.app is not None
    assert SPEC.app.operations[0].id == "record_update"


# Choices


@pytest.fixture
def form(airtable: Airtable) -> AskBench:
    made = AskBench(SPEC, {"options": options(loaders.LOADERS)})
    made.outside.credentials["c", "airtable_token"] = {"token": TOKEN}
    made.outside.turns = list(TURNS)
    return made


def test_bases_tables_views_and_fields_are_offered(form: AskBench) -> None:
    def values(loader: str, **given: Any) -> list[str]:
        return [one["value"] for one in form("options", params("create"), loader=loader, **given)["options"]]

    first = form("options", params("create"), loader="bases")
    assert [one["label"] for one in first["options"]] == ["Shop"]
    assert values("bases", page=first["next"]) == ["app2"]
    assert (values("tables"), values("views"), values("attachments")) == (["tbl1"], ["viw1"], ["Files"])
    assert values("fields") == ["Name", "Total", "Twice", "Changed", "Files", "Status"]
    assert values("writable") == ["Name", "Total", "Files", "Status"]


def test_a_table_that_is_not_there_is_said(form: AskBench) -> None:
    error = form.error("options", params("create") | {"table": "Odrers"}, loader="fields")
    assert (error["message"], error["remedy"]) == ("The base has no table Odrers.", "Choose one of: Orders.")
