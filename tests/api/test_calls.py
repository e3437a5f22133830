"""What an execution shows of those that called it and that it called, and where outputs are from."""

import uuid
from typing import Any

from stepweave.model.events import EventType
from stepweave.runtime.events import event
from stepweave.runtime.starting import given_event_id
from tests.api.conftest import World
from tests.api.test_iterations import execution_of
from tests.fixtures.servers import Databases


def test_a_called_execution_and_its_caller_know_each_other(world: World, databases: Databases) -> None:
    client, other = world.person(), world.person()
    caller = execution_of(client, databases)
    parent = {"executionId": caller, "nodeId": "call", "iteration": "3"}
    child = execution_of(client, databases, event(EventType.EXECUTION_SUCCEEDED), parent=parent, trigger="workflow")
    found = client.get(f"/api/executions/{child}").json()
    assert (found["parent"], found["calls"]) == (parent, [])
    shown = client.get(f"/api/executions/{caller}").json()
    assert shown["parent"] is None
    (call,) = shown["calls"]
    assert call == {
        "id": child,
        "nodeId": "call",
        "iteration": "3",
        "workflowId": found["workflowId"],
        "workflowName": found["workflowName"],
        "status": "succeeded",
    }
    assert other.get(f"/api/executions/{caller}").status_code == 404


def test_a_node_run_says_where_its_output_is_from(world: World, databases: Databases) -> None:
    client, id = world.person(), str(uuid.uuid4())
    source = {"kind": "execution", "executionId": str(uuid.uuid4())}
    fields: dict[str, Any] = {"attempt": 1, "output": {"main": {"count": 1, "items": [{"json": {}}]}}}
    given = event(EventType.NODE_SUCCEEDED, id=given_event_id(id, "a"), nodeId="a", source=source, **fields)
    made = event(EventType.NODE_SUCCEEDED, nodeId="b", **fields)
    execution_of(client, databases, given, made, executionId=id)
    runs = client.get(f"/api/executions/{id}").json()["nodeRuns"]
    assert {run["nodeId"]: run["source"] for run in runs} == {"a": source, "b": None}
