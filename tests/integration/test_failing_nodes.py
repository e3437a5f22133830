"""Every node type fails on the embedded stack: stopped, gone on after, sent another way, in a round, in a try.

Many nodes fail side by side in few executions. How each is made to fail is data: `failing.py`.
"""

import asyncio
import re
import uuid
from typing import Any, Final

import httpx
import pytest

from functions.nodes import catalogue
from local.client.rest import Client
from local.settings import LocalSettings
from tests.integration.conftest import Person, Session
from tests.integration.failing import BAD, ELSEWHERE, FAILING, ITEMS, TABLE, made
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration

TYPES: Final = sorted(FAILING)
FIRST_PORT: Final = {
    spec.type: "high" if spec.outputs_from else next((port.name for port in spec.outputs), "")
    for spec in catalogue.specs()
}
RESPONDS: Final = {spec.type: spec.is_response for spec in catalogue.specs()}
ERROR_FIELDS: Final = {"type", "message", "remedy", "retryable", "item", "details", "node"}
GIVEN: Final = [{"json": item} for item in ITEMS]
TOGETHER: Final = 40
"""Types in one workflow."""
AT_ONCE: Final = 8
"""How many executions run at a time: the machine has two cores."""


def test_each_node_type_of_the_catalogue_is_made_to_fail() -> None:
    running = {spec.type for spec in catalogue.specs() if spec.trigger is None}
    assert running == {*FAILING, *ELSEWHERE}, "say in tests/integration/failing.py how the node is made to fail"
    for spec in catalogue.specs():
        if spec.type in FAILING:
            assert FAILING[spec.type].error in spec.all_errors, spec.type


def branch(type: str, known: dict[str, str], source: str, **settings: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """Return a node that fails, with what goes round in it, and the edges that lead to it."""
    edges = [f"{source}>{type}.{port}" for port in FAILING[type].inputs]
    nodes = [made(type, type, known, **settings)]
    if type == "loop":
        nodes.append(node("round", "no_op"))
        edges += ["loop.loop>round", "round>loop.back"]
    return nodes, edges


def going_on(on_error: str) -> list[str]:
    """Return the types that can go on after errors so: what has no output goes nowhere but to the error port."""
    return [type for type in TYPES if on_error == "branch" or FIRST_PORT[type]]


def guarded() -> list[str]:
    """Return the types that can be in a region: an answer is given once, and outside."""
    return [type for type in TYPES if not RESPONDS[type]]


def parts(types: list[str]) -> list[list[str]]:
    """Return types by as many as go into one machine, which has at most 1 MB."""
    return [types[start : start + TOGETHER] for start in range(0, len(types), TOGETHER)]


def beside_each_other(known: dict[str, str], on_error: str, types: list[str]) -> dict[str, Any]:
    """Return a workflow in which types fail beside each other; of each, a node gets what takes the error's port."""
    nodes: list[dict[str, Any]] = []
    edges: list[str] = []
    for type in types:
        more, to = branch(type, known, "start", onError=on_error)
        port = "error" if on_error == "branch" else FIRST_PORT[type]
        nodes += [*more, node(f"told-{type}", "no_op")]
        edges += [*to, f"{type}.{port}>told-{type}"]
    return workflow(f"All nodes: {on_error} {uuid.uuid4().hex[:6]}", nodes, *edges)


def within(known: dict[str, str], control: str, types: list[str]) -> dict[str, Any]:
    """Return a workflow in which each type fails in a try or loop of its own, which goes on after failures."""
    nodes: list[dict[str, Any]] = []
    edges: list[str] = []
    inside = {"try": "try", "loop": "loop"}[control]
    for type in types:
        around = f"{control}-{type}"
        more, to = branch(type, known, f"{around}.{inside}")
        nodes += [node(around, control, onError="branch"), *more, node(f"told-{type}", "no_op")]
        edges += [f"start>{around}", *to, f"{around}.error>told-{type}"]
        if FIRST_PORT[type]:
            edges.append(f"{type}.{FIRST_PORT[type]}>{around}.back")
    return workflow(f"All nodes: {control} {uuid.uuid4().hex[:6]}", nodes, *edges)


@pytest.fixture(scope="module")
def known(person: Person, settings: LocalSettings) -> dict[str, str]:
    """What the nodes' parameters name."""

    async def find(client: Client) -> dict[str, str]:
        ids = {entry["name"]: entry["id"] for entry in (await client.get("/credentials"))["items"]}
        if not any(table["name"] == TABLE for table in (await client.get("/tables"))["items"]):
            await client.post("/tables", {"name": TABLE, "columns": []})
        apis = (await client.get("/apis"))["items"]
        if not apis:
            async with httpx.AsyncClient() as web:
                document = (await web.get(f"{settings.demo_url}/openapi.json")).text
            apis = [await client.post("/apis", {"document": document})]
        return {
            "api": apis[0]["id"],
            "demo": settings.demo_url,
            "database": ids["Demo database"],
            "mail": ids["Demo mail"],
        }

    return Session(settings, lambda client: client.login(person.email, person.password))(find)


def wrong_errors(type: str, items: list[dict[str, Any]], *, failed: list[int], node_named: bool) -> list[str]:
    """Return what is wrong with the error items of a node: which there are, what they keep, and what they say."""
    if [item.get("n") for item in items] != failed:
        return [f"{type}: error items of {[item.get('n') for item in items]}, not of {failed}"]
    found = []
    for item in items:
        error = item.get("error", {})
        if {name: value for name, value in item.items() if name != "error"} != ITEMS[item["n"]]:
            found.append(f"{type}: item {item['n']} lost fields: {item}")
        shaped = not set(error) - ERROR_FIELDS and isinstance(error.get("retryable"), bool)
        if error.get("type") != FAILING[type].error or not shaped:
            found.append(f"{type}: {error}")
        if not all(str(error.get(name) or "").strip() for name in ("type", "message", "remedy")):
            found.append(f"{type}: says too little: {error}")
        if re.search(r"Traceback|\.py\b|<class|object at 0x", error.get("message", "")):
            found.append(f"{type}: says what is for us alone: {error['message']}")
        if error.get("node") != ({"id": type, "name": type} if node_named else None):
            found.append(f"{type}: names the node {error.get('node')}")
    return found


def ran(tenant: Session, document: dict[str, Any]) -> dict[str, Any]:
    """Run a workflow to its good end."""
    execution: dict[str, Any] = tenant(lambda client: run_draft(client, document, GIVEN))
    assert (execution["status"], unfinished(execution)) == ("succeeded", []), execution["error"]
    return execution


def failed_beside(type: str) -> list[int]:
    whole = [item["n"] for item in ITEMS] * len(FAILING[type].inputs)
    return [BAD] if FAILING[type].fails == "item" else whole


def failed_alone(type: str) -> list[int]:
    return [item["n"] for item in ITEMS] if FAILING[type].fails == "all" else [BAD]


def unfinished(execution: dict[str, Any]) -> list[str]:
    return [run["nodeId"] for run in execution["nodeRuns"] if run["status"] not in ("succeeded", "failed", "skipped")]


def given(execution: dict[str, Any], node_id: str) -> list[dict[str, Any]]:
    """Return what a node gave on its port `main`, nothing where it did not run."""
    runs = [run for run in execution["nodeRuns"] if run["nodeId"] == node_id and run["output"]]
    return outputs(execution, node_id) if runs and "main" in runs[0]["output"] else []


@pytest.mark.parametrize("on_error", ["continue", "branch"])
def test_nodes_go_on_after_items_that_fail(tenant: Session, known: dict[str, str], on_error: str) -> None:
    found = []
    for types in parts(going_on(on_error)):
        execution = ran(tenant, beside_each_other(known, on_error, types))
        for type in types:
            items = given(execution, f"told-{type}")
            errors = [item for item in items if "error" in item]
            found += wrong_errors(type, errors, failed=failed_beside(type), node_named=False)
    assert found == []


@pytest.mark.parametrize("control", ["try", "loop"])
def test_regions_and_rounds_go_on_after_a_node_that_fails(tenant: Session, known: dict[str, str], control: str) -> None:
    found = []
    for types in parts(guarded()):
        execution = ran(tenant, within(known, control, types))
        for type in types:
            failed = failed_alone(type) if control == "loop" else [item["n"] for item in ITEMS]
            found += wrong_errors(type, given(execution, f"told-{type}"), failed=failed, node_named=True)
    assert found == []


def test_nodes_stop_the_execution(tenant: Session, known: dict[str, str]) -> None:
    async def work(client: Client) -> list[str]:
        free = asyncio.Semaphore(AT_ONCE)

        async def one(type: str) -> list[str]:
            nodes, edges = branch(type, known, "start")
            document = workflow(f"{type} stops {uuid.uuid4().hex[:6]}", nodes, *edges)
            async with free:
                execution = await run_draft(client, document, GIVEN)
            run = next(run for run in execution["nodeRuns"] if run["nodeId"] == type)
            errors = [(execution["error"] or {}).get("type"), (run["error"] or {}).get("type")]
            if (execution["status"], run["status"], errors) != ("failed", "failed", [FAILING[type].error] * 2):
                return [f"{type}: {execution['status']}, {run['status']}, {errors}: {execution['error']}"]
            return [f"{type}: {name} did not end" for name in unfinished(execution)]

        return [line for lines in await asyncio.gather(*map(one, TYPES)) for line in lines]

    assert tenant(work) == []
