"""The last touch: a Choice that leads to nothing but another Choice takes that one's rules.

Pure: a machine in, the same machine with fewer transitions out. Two Choices become one where

- the first one's Default leads to the second: its rules come after the first one's;
- a rule of the first leads to the second: its rules take that rule's place, each under its condition,

and nothing else leads to the second, and no variable is assigned on the way. A condition is evaluated only where the
one before it holds, as before.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from stepweave.compiler.literals import expression, inner

State = dict[str, Any]
MOST_CHARACTERS: Final = 8_000
"""Of the conditions of a Choice: those of a rule are repeated with each rule that takes its place."""


def shortened(machine: dict[str, Any]) -> dict[str, Any]:
    """Return a machine (`StartAt` and `States`, or more) with Choices that follow on each other made one."""
    states = {name: _inside(state) for name, state in machine["States"].items()}
    entered = Counter(_targets(machine, states))
    for name in list(states):
        # What is taken over may lead to a further Choice, which is looked at in turn.
        while name in states and states[name]["Type"] == "Choice" and _merge(states, name, entered):
            pass
    return {**machine, "States": states}


def state_names(machine: dict[str, Any]) -> Iterator[str]:
    """Yield the names of all states, those in branches and rounds included."""
    for name, state in machine["States"].items():
        yield name
        for part in _parts(state):
            yield from state_names(part)


def _parts(state: State) -> list[dict[str, Any]]:
    return [*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else [])]


def _inside(state: State) -> State:
    if "Branches" in state:
        return {**state, "Branches": [shortened(branch) for branch in state["Branches"]]}
    if "ItemProcessor" in state:
        return {**state, "ItemProcessor": shortened(state["ItemProcessor"])}
    return state


def _targets(machine: dict[str, Any], states: dict[str, State]) -> Iterator[str]:
    """Yield the state that each transition leads to, and the first one."""
    yield machine["StartAt"]
    for state in states.values():
        for holder in (state, *state.get("Choices", ()), *state.get("Catch", ())):
            yield from (holder[key] for key in ("Next", "Default") if key in holder)


def _merge(states: dict[str, State], name: str, entered: Counter[str]) -> bool:
    """Let a Choice take the rules of one that it leads to; return whether there was one."""
    choice = states[name]
    rules: list[State] = choice["Choices"]
    default = choice["Default"]
    if not choice.keys() - _CHOICE and _can_be_taken(states, name, default, entered):
        taken = states.pop(default)
        states[name] = {**taken, "Choices": [*rules, *taken["Choices"]]}
        return True
    for place, rule in enumerate(rules):
        target = rule["Next"]
        if rule.keys() - _RULE or not _can_be_taken(states, name, target, entered):
            continue
        taken = states[target]
        if taken.keys() - _CHOICE:
            continue
        condition = inner(rule["Condition"])
        under = [
            {**one, "Condition": expression(f"({condition})?({inner(one['Condition'])}):false")}
            for one in taken["Choices"]
        ]
        if sum(len(one["Condition"]) for one in under) > MOST_CHARACTERS:
            continue
        del states[target]
        otherwise = {**rule, "Next": taken["Default"]}
        states[name] = {**choice, "Choices": [*rules[:place], *under, otherwise, *rules[place + 1 :]]}
        return True
    return False


def _can_be_taken(states: dict[str, State], name: str, target: str, entered: Counter[str]) -> bool:
    return target != name and target in states and states[target]["Type"] == "Choice" and entered[target] == 1


_CHOICE: Final = frozenset(("Type", "Choices", "Default"))
_RULE: Final = frozenset(("Condition", "Next"))
