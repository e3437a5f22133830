"""An agent whose memory cannot be written to when it has its answer: tried again it remembers, and asks nobody."""

from collections.abc import Iterator
from typing import Any

import pytest

from stepweave.aws import AwsError
from tests.asl.machine import TaskFailed
from tests.fakes.agents import AgentRun, tool, workflow
from tests.fakes.models import ModelServer, model_server
from tests.functions.nodes.test_agent import calls

AGAIN = "5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0009"


class Store:
    """A memory that can be away."""

    def __init__(self, asked: Any) -> None:
        self._asked = asked
        self.away = True
        self.remembered: list[list[str]] = []

    def __call__(self, request: dict[str, Any]) -> Any:
        operation = request["operations"][0]
        if operation["do"] == "recall":
            return {"results": [{"value": {"summary": "", "messages": [], "older": 0}}]}
        if operation["do"] == "remember":
            if self.away:
                raise AwsError("ServiceException", "away", status=500)
            self.remembered.append([one["content"] for one in operation["messages"]])
            return {"results": [{"value": {}}]}
        return self._asked(request)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as made:
        yield made


@pytest.fixture
def run(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> AgentRun:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    made = AgentRun()
    made.outside.credentials["openai", "openai"] = {"apiKey": "sk-secret", "baseUrl": server.openai_url}
    return made


@pytest.fixture
def store(run: AgentRun) -> Store:
    made = Store(run.outside.store)
    run.outside.store = made  # type: ignore[method-assign]
    return made


@pytest.mark.parametrize("resumed", [False, True])
@pytest.mark.parametrize("with_tool", [False, True])
def test_what_could_not_be_remembered_is_remembered_when_it_is_tried_again(
    run: AgentRun, server: ModelServer, store: Store, with_tool: bool, resumed: bool
) -> None:
    server.says(*([calls(("Look", {}))] if with_tool else []), "It rains.")
    document = workflow({"memory": True, "sessionKey": "s"}, [[tool("look")]])
    with pytest.raises(TaskFailed, match="StoreUnavailable"):
        run(document)
    asked = len(server.bodies)
    store.away = False
    if resumed:
        run.origin, run.execution = run.execution, AGAIN
        given = run(document)
    else:
        given = run(document)
    assert given["main"][0]["answer"] == "It rains."
    assert store.remembered == [["What is it?", "It rains."]]
    assert len(server.bodies) == asked, "no turn is paid again"
    assert len(run.called) == int(with_tool)


def test_a_retry_of_the_step_remembers(run: AgentRun, server: ModelServer, store: Store) -> None:
    server.says("It rains.")
    asked = store.__call__

    def comes_back(request: dict[str, Any]) -> Any:
        try:
            return asked(request)
        finally:
            tries.append(request["operations"][0]["do"])
            store.away = tries.count("remember") < 3

    tries: list[str] = []
    run.outside.store = comes_back  # type: ignore[method-assign]
    document = workflow({"memory": True, "sessionKey": "s"}, [], retry={"maxAttempts": 2})
    assert run(document)["main"][0]["answer"] == "It rains."
    assert store.remembered == [["What is it?", "It rains."]]
    assert len(server.bodies) == 1


def test_an_agent_that_goes_on_after_errors_says_that_it_remembers_nothing(
    run: AgentRun, server: ModelServer, store: Store
) -> None:
    server.says("It rains.")
    given = run(workflow({"memory": True, "sessionKey": "s"}, [], onError="continue"))
    assert given["main"][0]["error"]["type"] == "StoreUnavailable"
    assert store.remembered == []
