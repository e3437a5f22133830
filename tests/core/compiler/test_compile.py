"""What the compiler emits and refuses, claim by claim."""

import json
from typing import Any

import pytest

from stepweave.compiler import Compiled, CompileOptions, Rejected, compile_workflow, validate
from stepweave.compiler.analyse.structure import Fork, Series, decompose
from stepweave.model.diagnostics import Severity
from tests.asl.machine import Machine
from tests.core.compiler.graphs import execution_input
from tests.fakes.catalogue import CATALOGUE


def node(id: str, type: str = "step", params: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "version": 1, "name": more.pop("name", id), "params": params or {}, **more}


def workflow(nodes: list[dict[str, Any]], *edges: str, **more: Any) -> dict[str, Any]:
    """Edges are written `a>b` or `a.port>b.port`."""
    made = []
    for number, edge in enumerate(edges):
        (source, source_port), (target, target_port) = ([*end.split("."), "main"][:2] for end in edge.split(">"))
        made.append(
            {
                "id": f"e{number}",
                "source": source,
                "sourcePort": source_port,
                "target": target,
                "targetPort": target_port,
            }
        )
    return {"schema": 1, "name": "W", "nodes": nodes, "edges": made, **more}


def compiled(document: dict[str, Any]) -> Compiled:
    result = compile_workflow(document, CATALOGUE, CompileOptions("p"))
    assert isinstance(result, Compiled), result
    return result


def errors(document: Any) -> list[tuple[str, str | None, str | None]]:
    return [
        (found.code, found.node_id, found.field)
        for found in validate(document, CATALOGUE)
        if found.severity is Severity.ERROR
    ]


CHAIN = workflow([node("t", "start"), node("a"), node("b")], "t>a", "a>b")


def test_a_chain_is_one_task_per_node_and_one_state_to_start() -> None:
    machine = compiled(CHAIN)
    assert list(machine.definition["States"]) == ["Start", "a", "b"]
    assert machine.states == {"a": "a", "b": "b"}
    assert machine.type == "STANDARD"


def test_independent_branches_run_in_parallel_and_join() -> None:
    document = workflow([node("t", "start"), node("a"), node("b"), node("c")], "t>a", "t>b", "a>c", "b>c")
    states = compiled(document).definition["States"]
    parallel = next(state for state in states.values() if state["Type"] == "Parallel")
    assert len(parallel["Branches"]) == 2


def test_a_one_sided_branch_costs_no_parallel_state() -> None:
    document = workflow([node("t", "start"), node("s", "split"), node("a"), node("b")], "t>s", "s.true>a", "s.false>b")

    def invoke(_: str, payload: Any) -> Any:
        port = "true" if payload["node"]["id"] == "s" else "main"
        return {"output": {port: {"count": 1, "items": [{"json": {}}]}}}

    machine = Machine(dict(compiled(document).definition), invoke)
    machine.run(execution_input("t"))
    assert machine.transitions == 4  # Start, s, the Choice, a


HOSTILE = [
    "{% $states.input %}",
    "{%%}",
    " {% 1 %} ",
    '"quoted"',
    "back\\slash",
    "new\nline",
    "\ud800",
    "%}",
    "{{ 'x' }} {% 1 %}",
    "\u2028",
    "$states",
    "x" * 60_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_data(text: str) -> None:
    params = {"text": [text, {text[:50]: text, "a.$": text}]}
    document = workflow([node("t", "start"), node("a", params=params, name=text[:100].replace("\ud800", "s"))], "t>a")
    seen: list[Any] = []

    def invoke(_: str, payload: Any) -> Any:
        seen.append((payload["params"], payload["node"]["name"]))
        return {"output": {}}

    definition = json.loads(json.dumps(compiled(document).definition))
    Machine(definition, invoke).run(execution_input("t"))
    assert seen == [(params, text[:100].replace("\ud800", "s"))]


def test_a_step_gets_only_the_outputs_it_refers_to() -> None:
    document = workflow(
        [node("t", "start"), node("a"), node("b"), node("c", params={"text": "{{ $('a').first().json.x }}"})],
        "t>a", "a>b", "b>c",
    )  # fmt: skip
    payload = compiled(document).definition["States"]["c"]["Arguments"]["Payload"]
    assert list(payload["refs"]) == ["a"]


def test_a_code_field_is_read_for_references_and_a_dynamic_one_gets_everything() -> None:
    params = {"code": "return $(name).all()"}
    document = workflow([node("t", "start"), node("a"), node("b", params=params)], "t>a", "a>b")
    payload = compiled(document).definition["States"]["b"]["Arguments"]["Payload"]
    assert sorted(payload["refs"]) == ["a", "t"]


def test_machines_whose_parameters_are_in_another_order_are_others() -> None:
    one, other = (
        compiled(workflow([node("t", "start"), node("a", params={"text": data})], "t>a"))
        for data in ({"zeta": 1, "a": 2}, {"a": 2, "zeta": 1})
    )
    assert '{"zeta":1,"a":2}' in json.dumps(one.definition, separators=(",", ":")).replace("\\", "")
    assert one.hash != other.hash


def test_equal_machines_have_equal_hashes_and_others_do_not() -> None:
    other = workflow([node("t", "start"), node("a", params={"count": 2}), node("b")], "t>a", "a>b")
    assert compiled(CHAIN).hash == compiled(json.loads(json.dumps(CHAIN))).hash
    assert compiled(CHAIN).hash != compiled(other).hash


def test_positions_and_notes_do_not_change_the_machine() -> None:
    moved = json.loads(json.dumps(CHAIN))
    moved["nodes"][1]["position"] = {"x": 5, "y": 6}
    moved["notes"] = [{"id": "n", "text": "hi", "position": {"x": 0, "y": 0}}]
    assert compiled(CHAIN).hash == compiled(moved).hash


def test_retries_are_for_what_a_retry_can_help() -> None:
    settings = {"retry": {"maxAttempts": 2, "intervalSeconds": 3, "backoffRate": 1.5, "maxDelaySeconds": 9}}
    document = workflow([node("t", "start"), node("a", settings=settings)], "t>a")
    service, own = compiled(document).definition["States"]["a"]["Retry"]
    assert "Lambda.TooManyRequestsException" in service["ErrorEquals"]
    assert "Flaky" in own["ErrorEquals"]
    assert "States.ALL" not in own["ErrorEquals"]
    assert (own["MaxAttempts"], own["MaxDelaySeconds"], own["JitterStrategy"]) == (2, 9, "FULL")


@pytest.mark.parametrize(
    ("respond", "settings", "expected"),
    [
        ("respondNode", {}, "EXPRESS"),
        ("lastNode", {}, "EXPRESS"),
        ("immediately", {}, "STANDARD"),
        ("respondNode", {"mode": "standard"}, "STANDARD"),
        ("immediately", {"mode": "express"}, "EXPRESS"),
    ],
)
def test_the_mode_follows_from_the_trigger_and_the_settings(
    respond: str, settings: dict[str, Any], expected: str
) -> None:
    document = workflow([node("t", "hook", {"respond": respond}), node("a", "answer")], "t>a", settings=settings)
    assert compiled(document).type == expected


def test_what_may_take_longer_than_five_minutes_is_not_express() -> None:
    slow = {"timeoutSeconds": 301}
    nodes = [node("t", "hook", {"respond": "respondNode"}), node("a", "answer", settings=slow)]
    assert compiled(workflow(nodes, "t>a")).type == "STANDARD"
    assert errors(workflow(nodes, "t>a", settings={"mode": "express"})) == [("express_too_long", None, "settings.mode")]


def test_the_answer_and_the_last_output_leave_the_machine() -> None:
    document = workflow([node("t", "hook", {"respond": "lastNode"}), node("a"), node("b")], "t>a", "a>b")

    def invoke(_: str, payload: Any) -> Any:
        return {"output": {"main": {"count": 1, "items": [{"json": {"by": payload["node"]["id"]}}]}}}

    output = Machine(dict(compiled(document).definition), invoke).run(execution_input("t"))
    assert output["last"]["main"]["items"] == [{"json": {"by": "b"}}]


@pytest.mark.parametrize(("port", "expected"), [("main", ["main"]), ("error", [])])
@pytest.mark.parametrize("edges", [["t>a"], ["t>a", "a>b"]])
def test_only_items_that_go_the_last_nodes_own_way_are_an_answer(
    port: str, expected: list[str], edges: list[str]
) -> None:
    nodes = [node("t", "hook", {"respond": "lastNode"}), node("a", settings={"onError": "branch"}), node("b")]
    document = workflow(nodes, *edges)
    ran = []

    def invoke(_: str, payload: Any) -> Any:
        ran.append(payload["node"]["id"])
        live = port if payload["node"]["id"] == "a" else "main"
        return {"output": {live: {"count": 1, "items": [{"json": {"by": payload["node"]["id"]}}]}}}

    output = Machine(dict(compiled(document).definition), invoke).run(execution_input("t"))
    assert list(output["last"]) == (["main"] if ran[-1] == "b" else expected)


def test_results_that_meet_have_smaller_limits() -> None:
    nodes = [node("t", "start"), *(node(f"a{number}") for number in range(20)), node("join")]
    edges = [f"t>a{number}" for number in range(20)] + [f"a{number}>join" for number in range(20)]
    states = json.dumps(compiled(workflow(nodes, *edges)).definition)
    limits = {int(part.split("}")[0]) for part in states.split('"inlineLimit": ')[1:]}
    assert max(limits) <= 32768
    assert min(limits) * 20 <= 256 * 1024


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{", [("invalid_document", None, None)]),
        ({"schema": 1}, [("invalid_document", None, "name")]),
        ({"schema": 9, "name": "x"}, [("newer_schema", None, "schema")]),
        (workflow([]), [("no_trigger", None, None)]),
        (workflow([node("t", "start"), node("a", "stap")], "t>a"), [("unknown_type", "a", "type")]),
        (
            {**CHAIN, "nodes": [*CHAIN["nodes"][:2], {**CHAIN["nodes"][2], "version": 7}]},
            [("unknown_version", "b", "version")],
        ),
        (workflow([node("t", "start"), node("a")], "t>b"), [("missing_node", None, None)]),
        (workflow([node("t", "start"), node("a")], "t.false>a"), [("missing_port", "t", None)]),
        (workflow([node("t", "start"), node("a")], "t>a.left"), [("missing_port", "a", None)]),
        (workflow([node("t", "start"), node("a")], "t>a", "a.error>a"), [("missing_port", "a", None)]),
        (workflow([node("t", "start"), node("a"), node("b")], "t>a", "a>b", "b>a"), [("cycle", "a", None)]),
        (workflow([node("t", "start"), node("a", "strict")], "t>a"), [("missing_parameter", "a", "params.url")]),
        (
            workflow([node("t", "start"), node("a", params={"count": "many"})], "t>a"),
            [("invalid_parameter", "a", "params.count")],
        ),
        (
            workflow([node("t", "start"), node("a", params={"kount": 1})], "t>a"),
            [("unknown_parameter", "a", "params.kount")],
        ),
        (
            workflow([node("t", "start"), node("a", params={"mode": "b"})], "t>a"),
            [("missing_parameter", "a", "params.needed")],
        ),
        (
            workflow([node("t", "start"), node("a", params={"text": "x {{ 1 + }}"})], "t>a"),
            [("broken_expression", "a", "params.text")],
        ),
        (
            workflow([node("t", "start"), node("a", params={"code": "return 1 +"})], "t>a"),
            [("broken_expression", "a", "params.code")],
        ),
        (
            workflow([node("t", "start"), node("a", params={"text": "{{ $('A').item }}"})], "t>a"),
            [("unknown_reference", "a", "params")],
        ),
        (
            workflow([node("t", "start"), node("a", params={"text": "{{ $('b').item }}"}), node("b")], "t>a", "t>b"),
            [("reference_not_upstream", "a", "params")],
        ),
        (
            workflow([node("t", "hook", {"respond": "respondNode"}), node("a")], "t>a"),
            [("no_response", "t", "params.respond")],
        ),
    ],
)  # fmt: skip
def test_each_mistake_has_its_diagnostic(document: Any, expected: list[Any]) -> None:
    assert errors(document) == expected
    result = compile_workflow(document, CATALOGUE, CompileOptions())
    assert isinstance(result, Rejected)
    assert result.compiled is None
    assert all(found.message and found.remedy for found in result.diagnostics)


def test_a_wrong_value_is_said_by_its_beginning() -> None:
    def said(value: str) -> str:
        document = workflow([node("t", "start"), node("a", params={"count": value})], "t>a")
        (found,) = compile_workflow(document, CATALOGUE, CompileOptions()).diagnostics
        return found.message

    assert said("many") == '\'a\': "many" is not of type "integer".'
    assert said("many " * 1000) == "'a': \"" + ("many " * 16)[:78] + '… is not of type "integer".'


def test_duplicates_are_named_on_each_node() -> None:
    document = workflow([node("t", "start"), node("a", name="X"), node("b", name="X")], "t>a", "a>b")
    assert errors(document) == [("duplicate_name", "a", "name"), ("duplicate_name", "b", "name")]


def test_all_mistakes_are_reported_at_once() -> None:
    document = workflow(
        [node("t", "start"), node("a", "strict"), node("b", params={"count": -1, "text": "{{ ( }}"})], "t>a", "a>b"
    )
    assert {code for code, _, _ in errors(document)} == {"missing_parameter", "invalid_parameter", "broken_expression"}


def test_an_expression_may_stand_where_a_number_must() -> None:
    assert errors(workflow([node("t", "start"), node("a", params={"count": "{{ 1 }}"})], "t>a")) == []


def test_an_unreachable_node_is_a_warning_and_left_out() -> None:
    machine = compiled(workflow([node("t", "start"), node("a"), node("b")], "t>a"))
    assert [(found.code, found.node_id) for found in machine.diagnostics] == [("unreachable", "b")]
    assert "b" not in machine.states.values()


def test_a_disabled_node_hands_on_what_it_gets() -> None:
    document = workflow([node("t", "start"), node("a", settings={"disabled": True}), node("b")], "t>a", "a>b")
    payload = compiled(document).definition["States"]["b"]["Arguments"]["Payload"]
    assert payload["inputs"]["main"] == "{% [$n_t.output.main] %}"


def test_too_many_results_in_one_place_are_refused() -> None:
    nodes = [node("t", "start"), *(node(f"a{number}") for number in range(300)), node("join")]
    edges = [f"t>a{number}" for number in range(300)] + [f"a{number}>join" for number in range(300)]
    assert errors(workflow(nodes, *edges)) == [("too_many_inputs", "join", None)]


def test_a_machine_over_a_megabyte_is_refused() -> None:
    nodes = [node("t", "start"), *(node(f"a{number}", params={"text": "x" * 170_000}) for number in range(7))]
    document = workflow(nodes, *(f"t>a{number}" for number in range(7)))
    assert errors(document) == [("too_large", None, None)]


def test_a_graph_that_is_series_parallel_is_decomposed_exactly() -> None:
    # 0 -> (1 -> 2 | 3) -> 4
    tree = decompose([0, 0b1, 0b10, 0b1, 0b1100], 0b11111)
    assert isinstance(tree, Series)
    assert isinstance(tree.parts[1], Fork)
    assert [part.mask for part in tree.parts[1].parts] == [0b110, 0b1000]


def test_the_n_shape_gets_one_wait() -> None:
    # a->c, a->d, b->d: no nesting starts c after a alone and d after both
    tree = decompose([0, 0, 0b1, 0b11], 0b1111)
    assert isinstance(tree, Series)
    assert [part.mask for part in tree.parts] == [0b0011, 0b1100]


def test_a_node_that_runs_alone_reads_by_name_what_is_given_far_before_it_and_the_trigger() -> None:
    text = "{{ $('t').first().json.x }} {{ $('a').first().json.x }}"
    document = workflow([node("t", "start"), node("a"), node("b"), node("c", params={"text": text})],
        "t>a", "a>b", "b>c")  # fmt: skip
    options = CompileOptions("p", fired=frozenset("ab"), until="c")
    result = compile_workflow(document, CATALOGUE, options)
    assert isinstance(result, Compiled)
    assert result.states == {"c": "c"}
    refs = result.definition["States"]["c"]["Arguments"]["Payload"]["refs"]
    assert sorted(refs) == ["a", "t"]
    assert None not in refs.values()


def test_a_part_without_the_node_that_answers_is_no_mistake() -> None:
    document = workflow(
        [node("t", "hook", params={"respond": "respondNode"}), node("a"), node("b", "answer")], "t>a", "a>b"
    )
    assert errors(document) == []
    assert isinstance(compile_workflow(document, CATALOGUE, CompileOptions("p", until="a")), Compiled)
    part = CompileOptions("p", fired=frozenset("a"), until="b")
    assert isinstance(compile_workflow(document, CATALOGUE, part), Compiled)
