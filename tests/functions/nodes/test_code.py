"""The code node with the real sandbox process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.nodes.code.code.errors import JavaScriptError, JavaScriptMemory, JavaScriptTimeout
from functions.nodes.code.code.run import run, sandbox
from functions.nodes.code.code.spec import SPEC
from stepweave.runtime.errors import NodeError, ResultInvalid
from tests.fakes.steps import Bench, items


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    sandbox().close()
    sandbox.cache_clear()


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


GIVEN = items({"n": 1}, {"n": 2})


def test_code_runs_once_for_all_items_and_logs(node: Bench) -> None:
    code = "console.log('sum', 3); console.error({a: 1}); return $input.all().map(i => ({n: i.json.n * 2}))"
    assert node.json({"code": code}, GIVEN) == [{"n": 2}, {"n": 4}]
    assert [(line["level"], line["message"]) for line in node.outside.of("node.log")] == [
        ("info", "sum 3"),
        ("error", '{"a":1}'),
    ]


def test_the_code_a_new_node_starts_with_passes_items_on(node: Bench) -> None:
    assert node.json({}, GIVEN) == [{"n": 1}, {"n": 2}]


def test_code_runs_once_for_each_item(node: Bench) -> None:
    code = "if ($json.n === 1) return; return [{ index: $itemIndex }, { n: $json.n }]"
    assert node.json({"mode": "eachItem", "code": code}, GIVEN) == [{"index": 1}, {"n": 2}]


def test_code_sees_other_nodes_and_the_workflow(node: Bench) -> None:
    refs = {"Rates": {"main": {"count": 1, "items": items({"EUR": 1.1})}}, "Skipped": None}
    code = "return { rate: $('Rates').first().json.EUR, ran: $('Skipped').isExecuted, of: $workflow.name }"
    assert node.json({"code": code}, GIVEN, refs=refs) == [{"rate": 1.1, "ran": False, "of": "Order triage"}]


def test_braces_in_code_are_no_expression(node: Bench) -> None:
    assert node.json({"code": "return { a: '{{ $json.n }}' }"}, GIVEN) == [{"a": "{{ $json.n }}"}]


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("null", []),
        ("undefined", []),
        ("[]", []),
        ("{ json: { a: 1 } }", [{"a": 1}]),
        ("{ json: { a: 1 }, other: 2 }", [{"json": {"a": 1}, "other": 2}]),
        ("{ json: 1 }", [{"json": 1}]),
        ("$input.first()", [{"n": 1}]),
        ("({ date: new Date(0), missing: undefined, big: 10n })", [{"date": "1970-01-01T00:00:00.000Z", "big": "10"}]),
    ],
)
def test_what_code_returns_becomes_items(node: Bench, returned: str, expected: Any) -> None:
    assert node.json({"code": f"return {returned}"}, GIVEN) == expected


def test_files_can_be_passed_on(node: Bench) -> None:
    code = "return { json: {}, binary: { data: { key: 'k' } } }"
    assert node({"code": code}, GIVEN)["output"]["main"]["items"] == [{"json": {}, "binary": {"data": {"key": "k"}}}]


@pytest.mark.parametrize(
    ("returned", "words"),
    [("5", "a number or a list"), ("'x'", "text"), ("[null]", "null"), ("true", "a boolean"), ("[[1]]", "or a list")],
)
def test_what_is_no_item_is_refused(node: Bench, returned: str, words: str) -> None:
    with pytest.raises(ResultInvalid, match=f"The code returned .*{words}"):
        node({"code": f"return {returned}"}, GIVEN)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("\nthrow new Error('no rate')", JavaScriptError, r"Error: no rate \(line 2\)"),
        ("return 1 +", JavaScriptError, "SyntaxError"),
        ("for (;;) {}", JavaScriptTimeout, "longer than 0.5 s"),
        ("const a = []; for (;;) a.push('x'.repeat(1e6) + a.length)", JavaScriptMemory, "more than 64 MB"),
        ("return require('fs')", JavaScriptError, 'there is no module "fs" here; there are lodash'),
        ("return process.env", JavaScriptError, "process is not defined"),
        ("return fetch('http://169.254.169.254')", JavaScriptError, "fetch is not defined"),
        ("return $('Nowhere').first()", JavaScriptError, "no node"),
    ],
)
def test_code_that_fails_fails_alone(node: Bench, code: str, kind: type[NodeError], words: str) -> None:
    seconds = 5 if kind is JavaScriptMemory else 0.5  # memory fills slowly on a busy machine
    with pytest.raises(kind, match=words):
        node({"code": f"console.log('before');\n{code}"} | {"code": code, "timeoutSeconds": seconds}, GIVEN)
    assert node.json({"code": "return { still: 'here' }"}, GIVEN) == [{"still": "here"}]


def test_what_was_logged_before_a_failure_is_kept(node: Bench) -> None:
    with pytest.raises(JavaScriptError):
        node({"code": "console.log('before'); throw new Error('x')"}, GIVEN)
    assert [line["message"] for line in node.outside.of("node.log")] == ["before"]


def test_the_sandbox_process_has_no_environment_and_may_not_look_into_ours(
    node: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    sandbox().close()
    node({"code": "return {}"}, GIVEN)
    process = sandbox()._process
    assert process is not None
    assert Path(f"/proc/{process.pid}/environ").read_bytes() == b""
    # Not dumpable: /proc/<us> belongs to root, whoever we are (proc(5)).
    assert Path("/proc/self/environ").stat().st_uid == 0


TRACED: list[Any] = [{"json": {"n": n}, "origin": {"a": ["main", 9 - n], "b": ["main", 0]}} for n in range(3)]
UNCLEAR = {"a": None, "b": ["main", 0]}


def _sources(node: Bench, code: str, mode: str = "allItems", given: list[Any] = TRACED) -> list[Any]:
    """Return which of the given items each result comes from; its lineage where it is of none or several."""
    output = node({"code": code, "mode": mode}, given)["output"]
    known = [one.get("origin") for one in TRACED]
    found = [one.get("origin") for one in output["main"]["items"]]
    return [known.index(origin) if origin in known else origin for origin in found]


@pytest.mark.parametrize(
    ("code", "sources"),
    [
        ("return $input.all().reverse()", [2, 1, 0]),
        ("return $input.all().filter((item) => item.json.n !== 1)", [0, 2]),
        ("const all = $input.all(); for (const item of all) item.json.more = 1; return all", [0, 1, 2]),
        ("return $input.all().map((item) => ({ ...item, json: { n: 1 } }))", [0, 1, 2]),
        ("return $input.all().map((item) => ({ json: { ...item.json, x: 1 } })).reverse()", [2, 1, 0]),
        ("return $input.all().map((item) => item.json)", [0, 1, 2]),
        ("return $input.all().map((item) => Object.assign({}, item.json))", [0, 1, 2]),
        ("return $items.map((item) => item)", [0, 1, 2]),
        ("return $input.last()", [2]),
        ("return $input.all().map((item) => ({ n: item.json.n }))", [UNCLEAR] * 3),
        ("return [{ sum: 3 }]", [UNCLEAR]),
        ("const [a, b] = $input.all(); return { ...a.json, ...b.json }", [UNCLEAR]),
        ("return [{ json: {}, pairedItem: 2 }, { json: {}, pairedItem: { item: 1, input: 0 } }]", [2, 1]),
        ("return [{ json: {}, pairedItem: [0, { item: 1 }] }, { json: {}, pairedItem: [1] }]", [UNCLEAR, 1]),
        ("return { ...$input.first(), pairedItem: 1 }", [1]),
        ("return { json: {}, pairedItem: null }", [UNCLEAR]),
    ],
)
def test_results_keep_where_they_come_from_or_say_it(node: Bench, code: str, sources: list[Any]) -> None:
    assert _sources(node, code) == sources


def test_results_for_each_item_come_from_it(node: Bench) -> None:
    assert _sources(node, "return [{ a: 1 }, { a: 2 }]", "eachItem") == [0, 0, 1, 1, 2, 2]
    assert _sources(node, "return { json: {}, pairedItem: 2 - $itemIndex }", "eachItem") == [2, 1, 0]


def test_what_is_made_of_the_only_item_comes_from_it(node: Bench) -> None:
    assert _sources(node, "return [{ a: 1 }, { a: 2 }]", given=TRACED[1:2]) == [1, 1]


def test_code_does_not_see_lineage_and_cannot_forge_it(node: Bench) -> None:
    assert node.json({"code": "return { keys: Object.keys($input.first()) }"}, TRACED) == [{"keys": ["json"]}]
    assert _sources(node, "return { json: {}, origin: { a: ['main', 1] } }") == [UNCLEAR]


@pytest.mark.parametrize("said", ["3", "-1", "'1'", "1.5", "true", "{ item: 0, input: 1 }", "{}", "[0, 9]"])
def test_a_paired_item_that_is_none_is_refused(node: Bench, said: str) -> None:
    with pytest.raises(ResultInvalid, match=r"pairedItem is .*; the node has 3 input items"):
        node({"code": f"return {{ json: {{}}, pairedItem: {said} }}"}, TRACED)


A_OUTPUT: dict[str, Any] = {"main": {"count": 10, "items": items(*({"a": n} for n in range(10)))}}
PAIRED: dict[str, Any] = {"refs": {"A": A_OUTPUT}, "paired": {"A": "a"}}


def test_code_reads_the_items_that_its_items_come_from(node: Bench) -> None:
    code = "return $input.all().map((_, i) => ({ a: $('A').itemMatching(i).json.a }))"
    assert node.json({"code": code}, TRACED, **PAIRED) == [{"a": 9}, {"a": 8}, {"a": 7}]
    each = {"mode": "eachItem", "code": "return { a: $('A').item.json.a }"}
    assert node.json(each, TRACED, **PAIRED) == [{"a": 9}, {"a": 8}, {"a": 7}]


def test_which_item_is_meant_is_not_clear_in_code_that_runs_once(node: Bench) -> None:
    with pytest.raises(JavaScriptError, match=r"is not clear in code that runs once for all items; use .itemMatching"):
        node({"code": "return $('A').item"}, TRACED, **PAIRED)
    assert node.json({"code": "return $('A').item"}, TRACED[:1], **PAIRED) == [{"a": 9}]
