"""Form pages and endings: what is shown, how long it waits, and what cannot be shown."""

from typing import Any

import pytest

from functions.nodes.flow.form_ending import run as ending
from functions.nodes.flow.form_ending.spec import SPEC as ENDING
from functions.nodes.flow.form_page import run as page
from functions.nodes.flow.form_page.spec import SPEC as PAGE
from stepweave.runtime.errors import ParameterInvalid
from tests.fakes.steps import Bench, items

GIVEN = items({"name": "Ada", "sizes": "S\nM"}, {"name": "Bob"})
URL = "https://stepweave.example/forms/~/id/signature"


def shown(**params: Any) -> dict[str, Any]:
    """Return what the page waits with."""
    bench = Bench(PAGE, page.run)
    assert bench({"title": "Size?", **params}, GIVEN, taskToken="the-token") == {"output": {}}
    found: dict[str, Any] = bench.outside.of("node.waiting")[0]["waiting"]
    return found


def test_a_page_is_made_of_the_first_item_and_waits_for_a_visitor() -> None:
    row = {"name": "size", "type": "choice", "choices": "{{ $json.sizes }}", "label": "Of {{ $json.name }}"}
    waiting = shown(title="Which, {{ $json.name }}?", fields=[row], limitSeconds=60)
    assert (waiting["kind"], waiting["token"], waiting["title"]) == ("form", "the-token", "Which, Ada?")
    assert waiting["resume"]["page"] == {
        "title": "Which, Ada?",
        "description": "",
        "button": "",
        "fields": [
            {"name": "size", "type": "choice", "label": "Of Ada", "required": False, "choices": ["S", "M"],
             "display": "dropdown"},
        ],
    }  # fmt: skip


def test_when_nobody_sends_it_in_time_the_items_take_the_other_way() -> None:
    bench = Bench(PAGE, page.run)
    result: Any = bench({"title": "Size?"}, GIVEN, phase="timedOut")
    assert [one["json"]["name"] for one in result["output"]["timeout"]["items"]] == ["Ada", "Bob"]


@pytest.mark.parametrize(
    ("rows", "field", "says"),
    [
        ([{"name": "a"}, {"name": "a"}], "params.fields.1.name", "Two fields"),
        ([{"name": "a", "type": "choice", "choices": "{{ $json.none }}"}], "params.fields.0.choices", ""),
        ([{"name": "a", "pattern": "("}], "params.fields.0.pattern", "cannot be read"),
    ],
)
def test_a_page_that_cannot_be_shown_fails_at_the_field(rows: list[dict[str, Any]], field: str, says: str) -> None:
    with pytest.raises(ParameterInvalid) as failed:
        shown(fields=rows)
    assert (failed.value.details["field"], says in failed.value.message) == (field, True)


def ends(**params: Any) -> Any:
    bench = Bench(ENDING, ending.run)
    bench(params, GIVEN)
    return bench.outside.of("execution.response")[0]["response"]


def test_an_ending_is_text_or_another_page() -> None:
    told = ends(title="Bye, {{ $json.name }}", message="**42**")
    assert told == {"statusCode": 200, "headers": {}, "body": {"ending": {"title": "Bye, Ada", "message": "**42**"}}}
    away = ends(respond="redirect", redirectUrl="https://example.com/ä?name={{ $json.name }}")
    assert away == {"statusCode": 303, "headers": {"location": "https://example.com/%C3%A4?name=Ada"}, "body": None}


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "//example.com", "https://a:b@example.com", "data:text/html,x", "", "https://a\r\nX: y"],
)
def test_an_ending_leads_to_pages_only(address: str) -> None:
    with pytest.raises(ParameterInvalid) as failed:
        ends(respond="redirect", redirectUrl=address)
    assert failed.value.details["field"] == "params.redirectUrl"
