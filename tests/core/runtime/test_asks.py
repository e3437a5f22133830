"""Asks: what a node's function answers beside running steps."""

import math
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from stepweave.aws import Aws, AwsError
from stepweave.aws.control.node_functions import AskFailed, NodeFunctions
from stepweave.runtime import Ask, Asked, adapter
from stepweave.runtime.asks import AskPayload, AskResult, answer_ask
from stepweave.runtime.errors import NodeError, ParameterInvalid, StorageUnavailable
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, TriggerKind
from stepweave.spec.parts import NameValue, Text
from tests.fakes.steps import TENANT, Outside


class Params(NodeParams):
    """Fields of all sorts."""

    credential: str = ui("", title="Credential", kind=Kind.CREDENTIAL, credential="http_header", expression=False)
    owner: Text = ui(..., title="Owner", kind=Kind.TEXT, max_length=5)
    limit: int = ui(50, title="Limit", kind=Kind.NUMBER, ge=1)
    script: str = ui("", title="Script", kind=Kind.CODE, expression=False)
    mode: Text = ui("all", title="Mode", kind=Kind.TEXT)
    only: Text = ui("x", title="Only", kind=Kind.TEXT, show_when={"mode": ["some"]})
    rows: list[NameValue] = ui(None, title="Rows", kind=Kind.KEY_VALUE, default_factory=list)


def ask(
    function: Ask, params: Mapping[str, Any], given: Mapping[str, Any] | None = None, *, seconds: float = 10
) -> AskResult:
    outside = Outside(credentials={("c1", "http_header"): {"name": "X-Key", "value": "secret"}})
    payload: AskPayload = {
        "ask": "options",
        "tenantId": TENANT,
        "workflowId": "",
        "node": {"id": "n1", "name": "Node", "type": "it", "version": 1},
        "params": dict(params),
        "given": dict(given or {}),
    }
    return answer_ask(Params, {"options": function}, payload, outside.services.vault, seconds=seconds)


def seen(params: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = ask(lambda asked: dict(asked.params), params)["answer"]
    return answer


def test_an_ask_knows_who_asks_for_what_and_with_which_credential() -> None:
    def function(asked: Asked) -> Any:
        sent = asked.authentication(asked.param("credential"), "http_header")
        return [asked.tenant_id, asked.node["id"], asked.given["loader"], asked.param("owner"), dict(sent.headers)]

    answer = ask(function, {"credential": "c1", "owner": "ada"}, {"loader": "lists"})
    assert answer == {"answer": [TENANT, "n1", "lists", "ada", {"X-Key": "secret"}]}


@pytest.mark.parametrize(
    ("params", "left"),
    [
        ({"owner": "{{ $json.owner }}"}, {}),
        ({"owner": "much too long"}, {}),
        ({"owner": 7}, {"owner": "7"}),
        ({"owner": ["a"], "limit": 0}, {}),
        ({"limit": 3}, {"limit": 3}),
        ({"script": "{{ a }}"}, {"script": "{{ a }}"}),
        ({"rows": [{"name": "a", "value": "{{ $json.a }}"}]}, {}),
        ({"rows": [{"name": "a"}]}, {"rows": [{"name": "a", "value": ""}]}),
        ({"only": "y"}, {}),
        ({"only": "y", "mode": "some"}, {"only": "y", "mode": "some"}),
        ({"unknown": 1}, {}),
    ],
)
def test_parameters_that_are_no_constants_or_do_not_fit_are_left_out(
    params: dict[str, Any], left: dict[str, Any]
) -> None:
    defaults = {"credential": "", "limit": 50, "script": "", "mode": "all", "rows": []}
    expected = {name: value for name, value in defaults.items() if name not in params} | left
    assert seen(params) == expected


def test_a_nodes_error_is_told_with_remedy_details_and_wait() -> None:
    def function(asked: Asked) -> Any:
        raise StorageUnavailable("Too much.", "Wait.", details={"status": 429}, retry_after=7)

    error = {"type": "StorageUnavailable", "message": "Too much.", "remedy": "Wait.", "retryable": True}
    assert ask(function, {}) == {"error": {**error, "details": {"status": 429}, "retryAfter": 7}}


def test_an_error_nobody_foresaw_tells_no_data(capsys: pytest.CaptureFixture[str]) -> None:
    def function(asked: Asked) -> Any:
        raise ValueError("the password is secret")

    error = ask(function, {})["error"]
    assert (error["type"], error["message"]) == (
        "NodeCrashed",
        "The node failed in a way nobody foresaw (ValueError).",
    )
    told = capsys.readouterr().err
    assert "test_asks.py" in told
    assert "secret" not in told


def test_a_missing_credential_is_named() -> None:
    error = ask(lambda asked: asked.credential("c2", "http_header"), {})["error"]
    assert error["type"] == "CredentialMissing"


def test_an_ask_ends_when_its_time_is_over() -> None:
    error = ask(lambda asked: threading.Event().wait(60), {}, seconds=0.05)["error"]
    assert (error["type"], error["message"]) == ("NodeTimeout", "No answer came within 0.05 seconds.")


@pytest.mark.parametrize("answer", [object(), math.nan, {"a": {1, 2}}])
def test_an_answer_that_is_not_json_is_refused(answer: Any) -> None:
    assert ask(lambda asked: answer, {})["error"]["type"] == "ResultInvalid"


def test_an_answer_that_is_too_large_is_refused() -> None:
    error = ask(lambda asked: "x" * (5 * 1024 * 1024), {})["error"]
    assert (error["type"], error["message"]) == ("DataTooLarge", "The answer has 5.1 MB; 4 MB are allowed.")


def test_half_of_a_surrogate_pair_is_mended() -> None:
    assert ask(lambda asked: {"label": "\ud83d"}, {}) == {"answer": {"label": "�"}}


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def test_a_triggers_function_answers_asks_only() -> None:
    def receive(asked: Asked) -> Any:
        if asked.given["body"] == "":
            raise ParameterInvalid("There is no body.", "Send one.")
        return {"items": [asked.given["body"]]}

    spec = NodeSpec(
        type="it",
        name="It",
        category=Category.TRIGGER,
        icon="box",
        summary="It.",
        docs="",
        params=Params,
        trigger=TriggerKind.WEBHOOK,
    )
    handler = adapter.lambda_trigger(spec, {"receive": receive})
    payload = {"ask": "receive", "tenantId": TENANT, "workflowId": "w", "node": {}, "params": {}, "seconds": 5}
    assert handler({**payload, "given": {"body": "b"}}, _Context()) == {"answer": {"items": ["b"]}}
    refused: Any = handler({**payload, "given": {"body": ""}}, _Context())
    assert refused["error"]["type"] == "ParameterInvalid"
    unasked: Any = handler({"context": {}}, _Context())
    assert unasked["error"]["message"] == "The node's function cannot be asked for run."


class _Functions:
    def __init__(self, result: Any) -> None:
        self.result = result
        self.invoked: list[tuple[str, dict[str, Any], float, bool]] = []

    @property
    def functions(self) -> "_Functions":
        return self

    def invoke(self, name: str, payload: dict[str, Any], *, timeout: float, repeatable: bool) -> Any:
        self.invoked.append((name, payload, timeout, repeatable))
        return self.result


def asked_of(monkeypatch: pytest.MonkeyPatch, result: Any) -> tuple[_Functions, NodeFunctions]:
    functions = _Functions(result)
    monkeypatch.setattr(Aws, "shared", lambda: functions)
    return functions, NodeFunctions("stepweave-test")


def test_the_control_plane_asks_the_function_of_a_type(monkeypatch: pytest.MonkeyPatch) -> None:
    functions, asking = asked_of(monkeypatch, {"answer": [1]})
    assert asking.ask("github", 2, {"ask": "options"}, 10) == [1]
    assert functions.invoked == [("stepweave-test-node-github-v2", {"ask": "options", "seconds": 10}, 18.0, False)]


def test_the_control_plane_is_told_the_functions_error(monkeypatch: pytest.MonkeyPatch) -> None:
    error = NodeError("Not there.", "Look.", details={"status": 404}).to_json()
    _, asking = asked_of(monkeypatch, {"error": {**error, "retryAfter": 3}})
    with pytest.raises(AskFailed, match="NodeError: Not there") as caught:
        asking.ask("github", 1, {}, 10)
    failure = caught.value
    assert (failure.remedy, failure.details, failure.retryable) == ("Look.", {"status": 404}, False)
    assert failure.retry_after == 3


@pytest.mark.parametrize("result", [None, [], {}, {"output": {}}])
def test_what_is_neither_answer_nor_error_is_refused(monkeypatch: pytest.MonkeyPatch, result: Any) -> None:
    _, asking = asked_of(monkeypatch, result)
    with pytest.raises(AwsError, match="AnswerInvalid"):
        asking.ask("github", 1, {}, 10)


def test_what_an_ask_calls_has_to_answer_before_the_ask_ends_so_that_it_is_named() -> None:
    for seconds, most in ((10.0, 9.0), (2.0, 1.8)):
        assert ask(lambda asked: {"left": asked.remaining()}, {}, seconds=seconds)["answer"]["left"] <= most
