"""Choices that follow on each other become one, and what happens stays the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepweave.compiler.emit.peephole import shortened, state_names
from tests.asl.machine import Machine


def rule(condition: str, target: str, **more: Any) -> dict[str, Any]:
    return {"Condition": f"{{% {condition} %}}", "Next": target, **more}


def choice(default: str, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": list(rules), "Default": default, **more}


def machine(**states: dict[str, Any]) -> dict[str, Any]:
    start = {"Type": "Pass", "Assign": {"n": "x"}, "Next": "a"}
    ends = {name: {"Type": "Pass", "Output": name, "End": True} for name in ("p", "q", "r", "s")}
    return {"StartAt": "Start", "States": {"Start": start, **states, **ends}}


def outcome(definition: dict[str, Any], number: int) -> tuple[Any, int]:
    engine = Machine(definition, lambda function, payload: None)
    return engine.run({"x": number}), engine.transitions


X = "$states.input.x"


def test_a_default_that_leads_to_a_choice_takes_its_rules() -> None:
    before = machine(a=choice("b", rule(f"{X}=1", "p")), b=choice("r", rule(f"{X}=2", "q")))
    after = shortened(before)
    assert "b" not in after["States"]
    assert [outcome(after, number)[0] for number in (1, 2, 3)] == ["p", "q", "r"]
    assert [outcome(before, number)[1] - outcome(after, number)[1] for number in (1, 2, 3)] == [0, 1, 1]


def test_a_rule_that_leads_to_a_choice_is_taken_apart() -> None:
    before = machine(
        a=choice("s", rule(f"{X}<10", "b")), b=choice("r", rule(f"{X}=1", "p", Assign={"n": "y"}), rule(f"{X}=2", "q"))
    )
    after = shortened(before)
    assert "b" not in after["States"]
    assert [outcome(after, number) for number in (1, 2, 3, 10)] == [("p", 3), ("q", 3), ("r", 3), ("s", 3)]
    assert after["States"]["a"]["Choices"][0]["Assign"] == {"n": "y"}


@pytest.mark.parametrize(
    "first",
    [
        choice("s", rule(f"{X}<10", "b", Assign={"n": "y"})),
        choice("b", rule(f"{X}<10", "p"), Assign={"n": "y"}),
        choice("b", rule(f"{X}<10", "b")),
    ],
)
def test_a_choice_stays_where_variables_are_assigned_before_it_or_more_leads_to_it(first: dict[str, Any]) -> None:
    before = machine(a=first, b=choice("r", rule(f"{X}=2", "q")))
    assert shortened(before) == before


def test_branches_and_rounds_are_shortened_too() -> None:
    part = machine(a=choice("b", rule(f"{X}=1", "p")), b=choice("r", rule(f"{X}=2", "q")))
    parallel = {"Type": "Parallel", "Branches": [part], "End": True}
    rounds = {"Type": "Map", "ItemProcessor": part, "End": True}
    whole = {"StartAt": "x", "States": {"x": parallel, "y": rounds}}
    assert list(state_names(shortened(whole))).count("b") == 0
    assert list(state_names(whole)).count("b") == 2


NAMES = ("a", "b", "c", "d", "e")


@st.composite
def mazes(draw: st.DrawFn) -> dict[str, Any]:
    """Draw Choices that lead to later ones only."""
    states = {}
    for place, name in enumerate(NAMES):
        further = [*NAMES[place + 1 :], "p", "q", "r"]
        rules = [
            rule(f"{X}{draw(st.sampled_from('<>='))}{draw(st.integers(0, 5))}", draw(st.sampled_from(further)))
            for _ in range(draw(st.integers(1, 2)))
        ]
        states[name] = choice(draw(st.sampled_from(further)), *rules)
    return machine(**states)


@given(mazes(), st.integers(0, 5))
def test_any_choices_lead_to_the_same_end_in_no_more_transitions(before: dict[str, Any], number: int) -> None:
    (found, steps), (wanted, most) = outcome(shortened(before), number), outcome(before, number)
    assert found == wanted
    assert steps <= most
