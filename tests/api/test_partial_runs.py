"""Runs of a part of a workflow: pinned data, from a node on with recorded outputs, up to a node, one node alone."""

import json
import uuid
from typing import Any

import pytest

from stepweave.runtime.seeds import MOST_SEED_BYTES
from stepweave.runtime.starting import Given, fitting
from tests.api.conftest import World
from tests.api.test_routes import is_problem, made, recorded
from tests.fakes.steps import TENANT, Outside, items
from tests.fixtures.servers import Databases


def node(id: str, type: str = "no_op", **more: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "version": 1, "name": id.upper(), "params": {}, **more}


def chain(**pinned: Any) -> dict[str, Any]:
    """t -> a -> b -> c, and t -> side."""
    nodes = [node("t", "manual_trigger"), *(node(id, pinned=pinned.get(id)) for id in ("a", "b", "c", "side"))]
    edges = [
        {"id": f"{source}-{target}", "source": source, "target": target}
        for source, target in (("t", "a"), ("a", "b"), ("b", "c"), ("t", "side"))
    ]
    return {"schema": 1, "name": "W", "nodes": nodes, "edges": edges}


def batch(*values: dict[str, Any]) -> dict[str, Any]:
    return {"count": len(values), "items": items(*values)}


def types(world: World) -> dict[str, str]:
    """Return the states of the machine that was published last, with their types."""
    definition = list(world.machines.versions.values())[-1][-1]
    return {name: state["Type"] for name, state in json.loads(definition)["States"].items()}


def test_pinned_nodes_of_a_draft_give_their_data_instead_of_running(world: World) -> None:
    client = world.person()
    id = made(client, chain(b={"main": items({"pinned": 1})}))["id"]
    client.post(f"/api/workflows/{id}/run")
    seed = world.starts.started[-1]["seed"]
    assert seed == {"b": {"output": {"main": batch({"pinned": 1})}, "source": {"kind": "pinned"}}}
    assert json.loads(list(world.machines.versions.values())[-1][-1]).get("StartAt") == "Start"
    client.post(f"/api/workflows/{id}/run", json={"pinned": False})
    assert "seed" not in world.starts.started[-1]


def test_pinned_data_has_a_limit_that_names_the_node(world: World) -> None:
    client = world.person()
    node: dict[str, Any] = {"id": "a", "type": "no_op", "name": "Fetch", "pinned": {"main": [{"json": {"a": ""}}]}}
    document: dict[str, Any] = {"schema": 1, "name": "W", "nodes": [node], "edges": []}
    node["pinned"]["main"][0]["json"]["a"] = "x" * (256 * 1024)
    refused = client.post("/api/workflows", json=document)
    assert refused.status_code == 422
    assert refused.json()["code"] == "pinned_too_large"
    assert "'Fetch' has 256.1 KB of pinned data; a node takes 256 KB" in refused.json()["detail"]
    assert refused.json()["errors"][0]["field"] == "nodes.0.pinned"
    node["pinned"]["main"][0]["json"]["a"] = "x" * (255 * 1024)
    assert client.post("/api/workflows", json=document).status_code == 201


def test_what_is_published_knows_no_pinned_data(world: World) -> None:
    client = world.person()
    id = made(client, chain(b={"main": items({"pinned": 1})}))["id"]
    client.post(f"/api/workflows/{id}/publish")
    client.post(f"/api/workflows/{id}/run", json={"mode": "live"})
    assert "seed" not in world.starts.started[-1]


def test_fix_and_resume_runs_a_node_and_what_follows_with_recorded_outputs(world: World, databases: Databases) -> None:
    client = world.person()
    id = made(client, chain())["id"]
    before = recorded(client, databases, id, main=batch({"n": 1}, {"n": 2}))
    answer = client.post(f"/api/workflows/{id}/run", json={"fromExecutionId": before, "startNodeId": "b"})
    assert answer.status_code == 202, answer.text
    source = {"kind": "execution", "executionId": before}
    assert world.starts.started[-1]["seed"] == {
        "a": {"output": {"main": batch({"n": 1}, {"n": 2})}, "source": source},
        "side": {"output": None, "source": source},
    }
    assert world.starts.started[-1]["origin"] == before  # so idempotency keys stay the same
    assert not {"A", "SIDE"} & types(world).keys()


def test_up_to_a_node_runs_only_what_leads_to_it(world: World) -> None:
    client = world.person()
    id = made(client, chain())["id"]
    client.post(f"/api/workflows/{id}/run", json={"untilNodeId": "b"})
    assert "seed" not in world.starts.started[-1]
    assert not {"C", "SIDE"} & types(world).keys()


def test_one_node_alone_runs_with_the_data_of_an_execution_or_with_pinned_data(
    world: World, databases: Databases
) -> None:
    client = world.person()
    id = made(client, chain())["id"]
    before = recorded(client, databases, id, main=batch({"n": 1}))
    client.post(f"/api/workflows/{id}/run", json={"fromExecutionId": before, "onlyNodeId": "b"})
    assert world.starts.started[-1]["seed"]["a"]["output"] == {"main": batch({"n": 1})}
    assert not {"A", "C", "SIDE"} & types(world).keys()
    pinned = made(client, chain(a={"main": items({"p": 1})}))["id"]
    client.post(f"/api/workflows/{pinned}/run", json={"onlyNodeId": "b"})
    assert world.starts.started[-1]["seed"]["a"]["source"] == {"kind": "pinned"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"startNodeId": "b"}, "no_data"),
        ({"onlyNodeId": "b"}, "no_data"),
        ({"untilNodeId": "gone"}, "unknown_node"),
        ({"untilNodeId": "t"}, "cannot_start_here"),
        ({"untilNodeId": "a", "onlyNodeId": "b"}, "ambiguous_part"),
        ({"untilNodeId": "a", "fromExecutionId": str(uuid.uuid4())}, "unknown_execution"),
    ],
)
def test_what_cannot_be_run_is_named(world: World, body: dict[str, Any], code: str) -> None:
    client = world.person()
    id = made(client, chain())["id"]
    assert is_problem(client.post(f"/api/workflows/{id}/run", json=body), 422, code)


def test_a_node_in_a_loop_is_no_place_to_start(world: World, databases: Databases) -> None:
    client = world.person()
    document = chain()
    document["nodes"].append(node("l", "loop"))
    document["edges"] = [
        {"id": "1", "source": "t", "target": "l"},
        {"id": "2", "source": "l", "sourcePort": "loop", "target": "a"},
        {"id": "3", "source": "a", "target": "l", "targetPort": "back"},
        {"id": "4", "source": "l", "sourcePort": "done", "target": "b"},
    ]
    id = made(client, document)["id"]
    before = recorded(client, databases, id, main=batch({"n": 1}))
    body = {"fromExecutionId": before, "startNodeId": "a"}
    assert is_problem(client.post(f"/api/workflows/{id}/run", json=body), 422, "cannot_start_here")
    assert client.post(f"/api/workflows/{id}/run", json={**body, "startNodeId": "b"}).status_code == 202


def test_data_that_is_stored_no_longer_starts_nothing(world: World, databases: Databases) -> None:
    client = world.person()
    id = made(client, chain())["id"]
    tenant = client.get("/api/me").json()["tenant"]["id"]
    content = json.dumps(items({"n": 1})).encode()
    sha256 = world.storage.put("data", f"{tenant}/kept", content)
    ref = {"bucket": "data", "key": f"{tenant}/kept", "sha256": sha256, "bytes": len(content)}
    before = recorded(client, databases, id, main={"count": 1, "ref": ref})
    body = {"fromExecutionId": before, "startNodeId": "b", "items": items({})}
    assert client.post(f"/api/workflows/{id}/run", json=body).status_code == 202
    world.storage.objects.clear()
    started = len(world.starts.started)
    answer = client.post(f"/api/workflows/{id}/run", json=body)
    is_problem(answer, 409, "data_gone")
    assert "'A'" in answer.json()["detail"]
    assert answer.json()["nodeId"] == "a"
    assert len(world.starts.started) == started


def test_another_tenants_execution_gives_no_data(world: World, databases: Databases) -> None:
    one, other = world.person(), world.person()
    before = recorded(one, databases, made(one, chain())["id"], main=batch({"secret": 1}))
    id = made(other, chain())["id"]
    body = {"fromExecutionId": before, "startNodeId": "b"}
    assert is_problem(other.post(f"/api/workflows/{id}/run", json=body), 422, "unknown_execution")


def test_seeds_that_are_large_together_are_stored_until_they_fit() -> None:
    outside = Outside()
    output: Any = {"main": batch({"text": "x" * 30_000})}
    seed: dict[str, Given] = {f"n{number}": {"output": output, "source": {"kind": "pinned"}} for number in range(10)}
    seed["none"] = {"output": None, "source": {"kind": "pinned"}}
    fit = fitting(seed, TENANT, "e", outside.claims)
    assert len(json.dumps(fit)) < MOST_SEED_BYTES + 10_000
    assert fit.keys() == seed.keys()
    for given in fit.values():
        if given["output"] is not None:
            assert outside.claims.fetch(given["output"]["main"], TENANT) == output["main"]["items"]
