"""What nodes ask a model for: found in their expressions before anything runs, and given when they do."""

from typing import Any

import pytest

from stepweave.expressions import Evaluator, ExpressionError, Scope
from stepweave.expressions.from_ai import Asked, Unclear, asked_of_model, schema_of


def asked(text: str) -> list[Asked | Unclear]:
    return asked_of_model({"field": text})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ $fromAI('city') }}", Asked("city")),
        ("to {{ $fromAI(\"city\", 'The city') }}!", Asked("city", "The city")),
        ("{{ /*n8n-auto-generated-fromAI-override*/ $fromAI('To', ``, 'string') }}", Asked("To")),
        ("{{ $fromAI('n', 'How many', 'number', -1) }}", Asked("n", "How many", "number", -1, has_default=True)),
        ("{{ $fromAI('b', '', 'boolean', false) }}", Asked("b", "", "boolean", False, has_default=True)),
        ("{{ $fromAI('j', '', 'json', {\"a\": [1, 2]}) }}", Asked("j", "", "json", {"a": [1, 2]}, has_default=True)),
        ("{{ $fromAI('u', '', 'string', undefined) }}", Asked("u")),
        ("{{ [$fromAI('in')].map((one) => one.trim()) }}", Asked("in")),
        ("{{ `a ${$fromAI('in')}` }}", Asked("in")),
    ],
)
def test_calls_are_found(text: str, found: Asked) -> None:
    assert asked(text) == [found]


@pytest.mark.parametrize("text", ["$fromAI('x')", "{{ o.$fromAI('x') }}", "{{ '$fromAI(1)' }}", "{{ $fromAI('x' }}"])
def test_what_is_no_call_asks_for_nothing(text: str) -> None:
    assert [one for one in asked(text) if isinstance(one, Asked)] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ $fromAI() }}", "needs a name"),
        ("{{ $fromAI }}", "needs a name"),
        ("{{ $fromAI($json.name) }}", "must be written out"),
        ("{{ $fromAI('a', $json.text) }}", "must be written out"),
        ("{{ $fromAI('a b') }}", "letters, digits"),
        ("{{ $fromAI('') }}", "letters, digits"),
        ("{{ $fromAI('" + "a" * 65 + "') }}", "letters, digits"),
        ("{{ $fromAI(7) }}", "letters, digits"),
        ("{{ $fromAI('a', '', 'date') }}", "not 'date'"),
    ],
)
def test_a_call_that_nobody_can_be_told_of_is_unclear(text: str, words: str) -> None:
    (found,) = asked(text)
    assert isinstance(found, Unclear)
    assert words in found.message
    assert found.path == "field"


def test_the_schema_has_each_name_once() -> None:
    found = [Asked("a", "", "number"), Asked("a", "How many", "number"), Asked("b", "", "json", None, has_default=True)]
    assert schema_of(found) == {
        "type": "object",
        "properties": {"a": {"type": "number", "description": "How many"}, "b": {"default": None}},
        "required": ["a"],
        "additionalProperties": False,
    }


def evaluated(text: str, given: dict[str, Any] | None) -> Any:
    return Evaluator(Scope([{"json": {}}], lambda name: None, tool=lambda: given)).evaluate(text, 0)


def test_a_value_is_what_the_model_gave_or_the_default() -> None:
    assert evaluated("{{ $fromAI('n') + 1 }}", {"n": 1}) == 2
    assert evaluated("{{ $fromAI('n', '', 'number', 7) }}", {}) == 7
    assert evaluated("{{ $fromAI('n', '', 'number', 7) }}", {"n": None}) is None
    assert evaluated("{{ $fromAI('t') }}", {"t": "{{ 1 + 1 }}"}) == "{{ 1 + 1 }}", "what a model gives is data"
    assert evaluated("{{ $fromAI('__proto__', '', 'string', 'no') }}", {}) == "no"


@pytest.mark.parametrize(
    ("given", "words"), [({}, 'the model gave no "toString"'), (None, "for the nodes of an agent's tools")]
)
def test_a_value_that_is_not_there_is_an_error(given: dict[str, Any] | None, words: str) -> None:
    with pytest.raises(ExpressionError, match=words):
        evaluated("{{ $fromAI('toString') }}", given)
