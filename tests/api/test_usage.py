"""What nodes used, as the API tells it: of a run, of a node over its rounds, and of the execution."""

from stepweave.model.events import EventType
from stepweave.runtime.events import event
from tests.api.conftest import World
from tests.api.test_iterations import execution_of, run
from tests.fixtures.servers import Databases

NOTHING = {"requests": 0, "bytesSent": 0, "bytesReceived": 0, "tokens": {}, "money": {}, "counted": {}}


def test_rounds_add_up_to_the_node_and_nodes_to_the_execution(world: World, databases: Databases) -> None:
    client = world.person()
    tokens = {"m": {"input": 5, "output": 1, "cached": 2}}
    told = [
        run(EventType.NODE_STARTED, "0"),
        run(EventType.NODE_SUCCEEDED, "0", usage={"tokens": tokens, "money": {"EUR": "0.00015"}}),
        run(EventType.NODE_STARTED, "1"),
        run(EventType.NODE_FAILED, "1", error={"type": "X", "message": "x"}, usage={"tokens": tokens}),
        run(EventType.NODE_STARTED, "2"),
        event(EventType.NODE_STARTED, nodeId="b", attempt=1),
        event(EventType.NODE_USAGE, nodeId="b", attempt=1, usage={"requests": 3, "bytesReceived": 10}),
        event(EventType.NODE_USAGE, nodeId="b", attempt=1, usage={"requests": 1, "counted": {"pages": "2.5"}}),
        event(EventType.NODE_STARTED, nodeId="c", attempt=1),
    ]
    id = execution_of(client, databases, *told)
    found = client.get(f"/api/executions/{id}").json()
    a, b, c = found["nodeRuns"]
    both = {"m": {"input": 10, "output": 2, "cached": 4}}
    assert a["usage"] == {**NOTHING, "tokens": both, "money": {"EUR": "0.00015"}}
    assert b["usage"] == {**NOTHING, "requests": 4, "bytesReceived": 10, "counted": {"pages": "2.5"}}
    assert c["usage"] is None
    assert found["usage"] == {
        **NOTHING,
        "requests": 4,
        "bytesReceived": 10,
        "tokens": both,
        "money": {"EUR": "0.00015"},
        "counted": {"pages": "2.5"},
    }
    rounds = client.get(f"/api/executions/{id}/node-runs", params={"nodeId": "a"}).json()["items"]
    assert [one["usage"] and one["usage"]["tokens"] for one in rounds] == [tokens, tokens, None]


def test_an_execution_that_used_nothing_says_so(world: World, databases: Databases) -> None:
    client = world.person()
    id = execution_of(client, databases, run(EventType.NODE_STARTED, "0"))
    assert client.get(f"/api/executions/{id}").json()["usage"] is None


def test_names_that_a_node_tells_come_back_as_they_are(world: World, databases: Databases) -> None:
    client = world.person()
    name = '<b>modell</b> "ü" \'; DROP TABLE node_usage; --'
    told = event(EventType.NODE_USAGE, nodeId="b", attempt=1, usage={"counted": {name: "1"}})
    id = execution_of(client, databases, event(EventType.NODE_STARTED, nodeId="b", attempt=1), told)
    assert client.get(f"/api/executions/{id}").json()["usage"]["counted"] == {name: "1"}
