"""What a mistake in a node's folder gets: the file, and what to write."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import create_model

from functions.nodes import catalogue, checking
from functions.nodes.apps.github.spec import APP, SPEC
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import NodeSpec, TriggerCode, TriggerKind
from stepweave.spec.operation_checks import Problem, app_problems
from stepweave.spec.operation_forms import AppInvalid, params_of
from stepweave.spec.operations import App, Cursor, LinkHeader, Listed, Operation, RequestSpec

ICONS = {"git-branch", "mail"}


class Params(NodeParams):
    """An order."""

    number: int = ui(..., title="Number", kind=Kind.NUMBER)


GOOD = Operation(
    resource="order",
    name="get",
    label="Get",
    summary="Reads an order.",
    params=Params,
    request=RequestSpec("GET", "/orders/{number}"),
    output_example=({"number": 1},),
)


def said(operation: Operation) -> list[tuple[str, str]]:
    app = App(base_url="https://api.example.com", credential="http_header", operations=(operation,))
    return [(problem.file, problem.words) for problem in app_problems(app)]


def of_spec(**changes: Any) -> list[str]:
    spec = replace(SPEC, **changes)
    return [f"{one.file}: {one.words}" for one in checking.problems(spec, ICONS, checking.known_errors(SPEC))]


def test_a_good_operation_and_a_good_spec_are_let_be() -> None:
    assert said(GOOD) == []
    assert of_spec() == []


@pytest.mark.parametrize(
    ("request_spec", "words"),
    [
        (RequestSpec("GET", ""), "The path is '': write a path with / in front"),
        (RequestSpec("GET", "orders/{number}"), "write a path with / in front"),
        (RequestSpec("GET", "/orders?id={number}"), "its query in query"),
        (RequestSpec("GET", "/orders/{numer}"), "The path names {numer}, which is no parameter: write one of number."),
        (RequestSpec("GET", "/orders", query=(("n", "{no}"),)), "The query names {no}"),
        (RequestSpec("GET", "/orders", headers=(("n", "{no}"),)), "The headers names {no}"),
        (RequestSpec("POST", "/orders", body={"a": [{"b": "{no}"}]}), "The body names {no}"),
        (RequestSpec("GET", "/orders"), "Nothing sends number: put it in path, query or body"),
        (RequestSpec("FETCH", "/orders/{number}"), "The method is 'FETCH': write one of GET"),
        (RequestSpec("GET", "/orders/{number}", body={"a": 1}), "GET has a body: write the values in query."),
        (RequestSpec("POST", "/orders/{number}", body=["a"], form=True), "the body is no object"),
        (RequestSpec("GET", "/orders/{number?}"), "write it without the question mark"),
    ],
)
def test_a_mistake_in_a_request_is_named_with_its_file(request_spec: RequestSpec, words: str) -> None:
    found = said(replace(GOOD, request=request_spec))
    assert {file for file, _ in found} == {"operations/order_get.py"}
    assert any(words in text for _, text in found), found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"request": None}, "It has neither request nor run, or both"),
        ({"summary": "Reads"}, "summary is no sentence"),
        ({"label": ""}, "label is empty"),
        ({"output_example": ()}, "output_example is empty"),
        ({"paging": LinkHeader()}, "let its Params extend Listed"),
        ({"items": "data..orders"}, "items cannot be read"),
        ({"paging": Cursor(at="next[")}, "paging.at cannot be read"),
        ({"name": "Get It"}, "name is 'Get It': write it in lower case"),
    ],
)
def test_a_mistake_in_an_operation_is_named(changes: dict[str, Any], words: str) -> None:
    assert any(words in text for _, text in said(replace(GOOD, **changes)))


def test_two_operations_of_one_name_and_a_bad_base_url_are_named() -> None:
    app = App(base_url="http://api.example.com/", credential="http_header", operations=(GOOD, GOOD))
    words = [f"{one.file}: {one.words}" for one in app_problems(app)]
    assert any(text.startswith("spec.py: base_url is 'http://api.example.com/'") for text in words)
    assert any(text.startswith("operations/order_get.py: Another file has this resource") for text in words)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"icon": "no-such-icon"}, "spec.py: icon is 'no-such-icon', which Lucide does not have"),
        ({"icon": "Git Branch"}, "spec.py: icon is 'Git Branch'"),
        ({"summary": ""}, "spec.py: summary is no sentence"),
        ({"type": "Git-Hub"}, "spec.py: type is 'Git-Hub'"),
        ({"name": ""}, "spec.py: name is empty"),
        ({"docs": "Nothing."}, "spec.py: docs have no part **Example.**"),
        ({"output_example": ()}, "spec.py: output_example is empty"),
        ({"timeout_seconds": 901}, "spec.py: timeout_seconds is 901"),
        ({"memory_mb": 64}, "spec.py: memory_mb is 64"),
        ({"errors": ("NoSuchError",)}, "spec.py: errors names NoSuchError, which no class is"),
        ({"errors": (*SPEC.errors, "AddressInvalid")}, "spec.py: docs say nothing of `AddressInvalid`"),
        ({"retryable": ()}, "spec.py: HttpRateLimited is retryable: write it to retryable"),
        ({"retryable": (*SPEC.retryable, "HttpClientError")}, "spec.py: retryable names HttpClientError"),
        ({"app": replace(APP, base_url="")}, "spec.py: base_url is ''"),
        ({"trigger": TriggerKind.APP}, "spec.py: trigger and listens do not agree"),
        ({"listens": TriggerCode(receives=True)}, "spec.py: trigger and listens do not agree"),
        ({"trigger": TriggerKind.APP, "listens": TriggerCode()}, "spec.py: listens says nothing"),
        ({"listens": TriggerCode(polls=True)}, "spec.py: listens.every and polls do not agree"),
        ({"listens": TriggerCode(receives=True, polls=True)}, "spec.py: listens says both"),
        (
            {"listens": TriggerCode(polls=True, every="often")},
            "spec.py: listens.every is 'often', which is no parameter",
        ),
    ],
)
def test_a_mistake_in_a_spec_is_named(changes: dict[str, Any], words: str) -> None:
    email = next(spec for spec in catalogue.specs() if spec.type == "email")
    checking.known_errors(email)  # imports the node's own errors
    assert any(words in text for text in of_spec(**changes)), of_spec(**changes)


def test_an_error_that_is_raised_and_not_declared_is_named_with_its_file() -> None:
    spec: NodeSpec = SPEC
    text = "class Lost(NodeError):\n    '''Gone.'''\n\ndef run():\n    raise Lost('x')\n"
    raised = "def run():\n    raise ValueMismatch('x')\n"
    told = list(checking.undeclared(spec, {"errors.py": text, "run.py": raised}, ("NodeError", "ValueMismatch")))
    assert [problem.file for problem in told] == ["errors.py", "run.py"]
    assert "It raises Lost: write it to errors in spec.py" in told[0].words
    assert "ValueMismatch" in told[1].words


@pytest.mark.parametrize(
    ("listens", "text", "words"),
    [
        (TriggerCode(receives=True), None, "It is not there: write it, with activate, deactivate, receive."),
        (None, "def receive(asked): ...", "The spec has no listens"),
        (TriggerCode(polls=True), "poll = 1", "poll: listens in spec.py says so, and it has none: write it."),
        (
            TriggerCode(polls=True),
            "def poll(asked): ...\ndef receive(asked): ...",
            "receive: listens in spec.py does not",
        ),
        (TriggerCode(polls=True), "def poll(asked): ...\ndef other(asked): ...", ""),
        (None, None, ""),
    ],
)
def test_a_trigger_whose_code_is_not_what_its_spec_says_is_named(
    listens: TriggerCode | None, text: str | None, words: str
) -> None:
    files = {} if text is None else {"trigger.py": text}
    found = [f"{one.file}: {one.words}" for one in checking.unlike(replace(SPEC, listens=listens), files)]
    assert bool(found) is bool(words)
    assert all(one.startswith(f"trigger.py: {words}") for one in found)


def test_two_shared_fields_of_one_name_are_refused() -> None:
    class First(NodeParams):
        filter: str = ui("", title="Filter", kind=Kind.TEXT)

    class Second(NodeParams):
        filter: int = ui(0, title="Filter", kind=Kind.NUMBER)

    class A(First):
        """One."""

    class B(Second):
        """Another."""

    operations = (replace(GOOD, params=A), replace(GOOD, name="list", params=B))
    with pytest.raises(AppInvalid, match=r"order_list\.py: the field filter of Second needs another name"):
        params_of(replace(APP, operations=operations))


def test_own_fields_of_one_name_stand_beside_each_other() -> None:
    text = create_model("Params", __base__=Listed, state=(str, ui(..., title="State", kind=Kind.TEXT)))
    number = create_model("Params", __base__=Listed, state=(int, ui(1, title="State", kind=Kind.NUMBER)))
    model = params_of(replace(APP, operations=(replace(GOOD, params=text), replace(GOOD, name="list", params=number))))
    schema = model.model_json_schema()["properties"]
    assert (schema["orderGetState"]["type"], schema["orderListState"]["type"]) == ("string", "integer")
    assert "showWhen" not in schema["returnAll"]["x-ui"]  # every operation has it
    assert schema["limit"]["x-ui"]["showWhen"] == {"returnAll": [False]}


def test_a_mistake_in_operations_that_lie_together_is_said_with_their_file() -> None:
    problem = Problem("operations/order_get.py", "")
    assert checking.file_of(problem, {"operations/order.py", "operations/or.py"}) == "operations/order.py"
    assert checking.file_of(problem, {"operations/order.py", problem.file}) == problem.file
