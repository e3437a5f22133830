"""The approval: what people are asked, whom, what is kept for the answer, and what happens when nobody gives one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.nodes.flow.approval.run import run
from functions.nodes.flow.approval.spec import SPEC
from stepweave.runtime.errors import ParameterInvalid
from tests.fakes.steps import TENANT, Bench, items

GIVEN = items({"id": 1, "manager": "Ada@Example.com"}, {"id": 2})


def asked(params: dict[str, Any], given: Any = GIVEN) -> tuple[Bench, dict[str, Any]]:
    """Return what the node waits for."""
    bench = Bench(SPEC, run)
    result = bench({"title": "Refund?", **params}, given, taskToken="the-token")
    assert result == {"output": {}}
    assert [event["type"] for event in bench.outside.events] == ["node.started", "node.waiting"]
    return bench, bench.outside.of("node.waiting")[0]["waiting"]


def test_it_asks_with_what_the_first_item_says() -> None:
    before = datetime.now(UTC)
    form = [
        {"name": "amount", "label": "Refund for {{ $json.id }}", "type": "number", "required": True},
        {"name": "how", "type": "select", "options": "full, half , full,"},
    ]
    params = {
        "title": "Refund {{ $json.id }}?",
        "message": "**Now**",
        "form": form,
        "approvers": "{{ $json.manager }}, bob@example.com,ADA@example.com",
        "required": 2,
        "limitSeconds": 3600,
    }
    _, waiting = asked(params)
    expires = datetime.fromisoformat(waiting.pop("expiresAt"))
    assert timedelta(minutes=59) < expires - before < timedelta(minutes=70)
    waiting.pop("resume")
    assert waiting == {
        "kind": "approval",
        "token": "the-token",
        "title": "Refund 1?",
        "message": "**Now**",
        "form": [
            {"name": "amount", "label": "Refund for 1", "type": "number", "required": True},
            {"name": "how", "label": "how", "type": "select", "required": False, "options": ["full", "half"]},
        ],
        "approvers": ["ada@example.com", "bob@example.com"],
        "required": 2,
    }


def test_the_items_are_kept_for_the_answer_whatever_their_size() -> None:
    _, waiting = asked({})
    assert waiting["resume"] == {"input": {"count": 2, "items": GIVEN}, "inlineLimit": 32 * 1024}
    large = items({"text": "x" * 100_000})
    bench, waiting = asked({}, large)
    kept = waiting["resume"]["input"]
    assert kept["ref"]["key"].endswith("/n1/1-input-main.json")
    assert bench.outside.claims.fetch(kept, TENANT) == large


def test_when_time_is_over_the_items_say_so() -> None:
    bench = Bench(SPEC, run)
    output = bench({"title": "Refund?"}, GIVEN, phase="timedOut")["output"]
    approval = {"decision": "timedOut", "form": {}, "decisions": []}
    assert output == {
        "timedOut": {"count": 2, "items": [{"json": {**item["json"], "approval": approval}} for item in GIVEN]}
    }
    assert [event["type"] for event in bench.outside.events] == ["node.succeeded"]


@pytest.mark.parametrize(
    ("params", "field", "words"),
    [
        ({"approvers": "ada"}, "params.approvers", "'ada' is not an email address"),
        ({"approvers": ",".join(f"a{n}@b.c" for n in range(51))}, "params.approvers", "51 people"),
        ({"approvers": "a@b.c", "required": 2}, "params.required", "2 approvals are needed, and 1 people are listed"),
        ({"form": [{"name": "a"}, {"name": "a"}]}, "params.form.1.name", "Two form fields are called 'a'"),
        ({"form": [{"name": "a", "type": "select", "options": " , "}]}, "params.form.0.options", "nothing to choose"),
        ({"form": [{"name": "a b"}]}, "params.form.0.name", "pattern"),
    ],
)
def test_what_cannot_be_asked_is_refused(params: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words) as caught:
        Bench(SPEC, run)({"title": "Refund?", **params}, GIVEN, taskToken="t")
    assert caught.value.details["field"] == field
