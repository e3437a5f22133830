"""Items keep their partners: `$('A').item` is the item of A that an item comes from, whatever is between, in any graph.

The oracle: each item that the workflow starts with has an id, which every node passes on. So what an item reads of any
node before it item by item has the same id as itself. The exceptions are said: a node that gave one item, which all are
paired with, and items that do not come from the node at all.
"""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stepweave.model.items import Item
from tests.core.compiler.native.test_machines import Ran, agree, graph
from tests.fakes.steps import items

GIVEN = items(*({"id": number, "amount": amount} for number, amount in enumerate((5, 50, 7, 11))))
OVER = {"conditions": [{"left": "{{ $json.amount }}", "type": "number", "operator": "greater", "right": 8}]}
RULES = {
    "rules": [
        {"output": "a", **OVER},
        {
            "output": "b",
            "conditions": [{"left": "{{ $json.id }}", "type": "number", "operator": "greater", "right": 1}],
        },
    ]
}
KEEP = {"assignments": [{"name": "id", "value": "{{ $json.id }}"}, {"name": "amount", "value": "{{ $json.amount }}"}]}
TYPES: dict[str, tuple[list[Any], list[str]]] = {
    "no_op": ([{}], ["main"]),
    "set_fields": ([{"assignments": [{"name": "a.b", "value": 1}]}, KEEP | {"keepOtherFields": False}], ["main"]),
    "if": ([OVER], ["true", "false"]),
    "filter": ([OVER], ["main", "rejected"]),
    "switch": ([RULES, RULES | {"allMatches": True}], ["a", "b", "fallback"]),
    "limit": ([{"count": 2}, {"count": 2, "keep": "last"}], ["main"]),
    "merge": ([{}, {"mode": "choose"}, {"mode": "choose", "choose": "second"}], ["main"]),
}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a graph of flow nodes in which some read others item by item."""
    nodes: list[tuple[str, str, dict[str, Any]]] = []
    edges: list[str] = []
    ports = ["start"]
    before: dict[str, set[str]] = {"start": set()}
    for number in range(draw(st.integers(2, 9))):
        id, type = f"n{number}", draw(st.sampled_from(sorted(TYPES)))
        variants, outputs = TYPES[type]
        before[id] = set()
        for _ in range(draw(st.integers(1, 3))):
            source = draw(st.sampled_from(ports[-6:]))
            target = draw(st.sampled_from([".first", ".second"])) if type == "merge" else ""
            edges.append(f"{source} -> {id}{target}")
            before[id] |= {source.split(".")[0], *before[source.split(".")[0]]}
        params = dict(draw(st.sampled_from(variants)))
        if type == "set_fields":
            read = draw(st.sampled_from(sorted(before[id])))
            shown = draw(st.sampled_from(["$('{}').item.json.id", "$node['{}'].json['id'] + 0"])).format(read.upper())
            pair = {"name": f"of_{read}", "value": f"{{{{ {shown} }}}}"}
            params = {**params, "assignments": [*params["assignments"], pair]}
        nodes.append((id, type, params))
        ports += [f"{id}.{port}" for port in outputs]
    document = graph(*nodes, edges=edges, settings={"mode": draw(st.sampled_from(["standard", "express"]))})
    for node in document["nodes"]:
        if node["type"] == "set_fields":
            node["settings"] = {"onError": "continue"}
    return document


@settings(max_examples=60)
@given(documents(), st.integers(1, 4), st.booleans())
def test_what_is_read_item_by_item_is_the_items_own(document: dict[str, Any], count: int, stored: bool) -> None:
    for ran in agree(document, GIVEN[:count], stored=stored):
        assert ran.status == "succeeded"
        _assert_paired(document, ran, GIVEN[:count])


def _assert_paired(document: dict[str, Any], ran: Ran, given: list[Item]) -> None:
    outputs = {id: found for (id, _), found in ran.outputs().items()} | {"start": {"main": given}}
    for node in document["nodes"]:
        read = [one["name"] for one in node["params"].get("assignments", ()) if one["name"].startswith("of_")]
        for one in outputs.get(node["id"], {}).get("main", []) if read else []:
            source = read[0].removeprefix("of_")
            count = sum(map(len, outputs.get(source, {}).values()))
            if "error" in one["json"]:
                assert "is not known" in one["json"]["error"]["message"] or count == 0
            elif count > 1:
                assert one["json"][read[0]] == one["json"]["id"]


def test_a_workflow_in_which_nothing_is_read_so_carries_nothing() -> None:
    document = graph(
        ("if", "if", OVER),
        ("set", "set_fields", {"assignments": [{"name": "all", "value": "{{ $('IF').all().length }}"}]}),
        edges=["start -> if", "if.true -> set"],
    )
    for ran in agree(document, GIVEN):
        assert all(
            "origin" not in item
            for found in ran.outputs().values()
            for item in found["true" if "true" in found else "main"]
        )


def test_a_rejoin_after_an_if_keeps_each_items_partner_without_functions() -> None:
    read = {"assignments": [{"name": "pair", "value": "{{ $('A').item.json.id }}"}]}
    document = graph(
        ("a", "no_op", {}),
        ("if", "if", OVER),
        ("yes", "set_fields", KEEP),
        ("no", "set_fields", KEEP),
        ("read", "set_fields", read),
        ("last", "step"),
        edges=[
            "start -> a",
            "a -> if",
            "if.true -> yes",
            "if.false -> no",
            "yes -> read",
            "no -> read",
            "read -> last",
        ],
    )
    for ran in agree(document, GIVEN):
        pairs = [(item["json"]["id"], item["json"]["pair"]) for item in ran.outputs()["read", ""]["main"]]
        assert sorted(pairs) == [(0, 0), (1, 1), (2, 2), (3, 3)]
        assert pairs[0] == (1, 1)
    assert not {"a", "if", "yes", "no"} & ran.invoked.keys()


def test_an_error_item_comes_from_the_item_that_failed_alone_also_where_that_comes_from_nowhere() -> None:
    read = {"assignments": [{"name": "of_n0", "value": "{{ $('N0').item.json.id }}"}]}
    document = graph(
        ("n0", "filter", OVER),
        ("n1", "set_fields", read),
        ("n2", "set_fields", read),
        edges=["start -> n1", "n0 -> n1", "start -> n0", "n1 -> n2"],
    )
    for node in document["nodes"]:
        if node["type"] == "set_fields":
            node["settings"] = {"onError": "continue"}
    for ran in agree(document, GIVEN[:2]):
        found = ran.outputs()["n2", ""]["main"]
        told = [one["json"].get("error", {}).get("message", one["json"].get("of_n0")) for one in found]
        assert told[2] == 1
        assert all("is not known" in one for one in told[:2])
