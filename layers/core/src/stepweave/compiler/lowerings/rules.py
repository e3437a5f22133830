"""The switch node: each item goes where the rules say that it meets."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from stepweave.compiler.literals import quoted
from stepweave.compiler.native.conditions import Test, how_of, test_of
from stepweave.compiler.native.items import Inputs, items_of, live_batch, result
from stepweave.compiler.native.lowering import Lowering, Native, Program
from stepweave.compiler.native.sorting import sorting_guard

_FALLBACK: Final = "fallback"


def program(params: Mapping[str, Any], ports: Sequence[str]) -> Program | None:
    """Return how the node is lowered; None for an expression, or conditions of more than paths and literals."""
    if params.get("mode", "rules") != "rules":
        return None
    rules, every = params.get("rules"), params.get("allMatches", False)
    if not isinstance(rules, list) or not rules or not isinstance(every, bool):
        return None
    how = how_of(params)
    if how is None:
        return None
    ways: list[tuple[str, Test]] = []
    for rule in rules:
        port = rule.get("output") if isinstance(rule, Mapping) else None
        test = test_of(rule, how) if isinstance(rule, Mapping) else None
        if test is None or not isinstance(port, str):
            return None
        ways.append((port, test))
    fallback = _fallback(params, [port for port, _ in ways])
    if fallback is None:
        return None
    wrong = tuple(case for _, test in ways for case in test.wrong)
    sorted_items = _every_way(ways) if every else _first_way(ways, fallback)
    ports = list(dict.fromkeys([*(port for port, _ in ways), fallback]))

    def native(inputs: Inputs) -> Native:
        output = {port: live_batch(f"[$w[{_taken(port, fallback, every)}].i]") for port in ports}
        made = f'($w:=[{items_of(inputs.main)}.{{"i":$,"p":{sorted_items}}}];{result(output)})'
        return Native(sorting_guard(inputs, wrong), made)

    return native


def _fallback(params: Mapping[str, Any], named: Sequence[str]) -> str | None:
    """Return the port of items that meet no rule; None where they are left out, or no rule names it."""
    fallback = params.get("fallback", "extra")
    if fallback == "extra":
        return _FALLBACK
    output = params.get("fallbackOutput")
    return output if fallback == "output" and isinstance(output, str) and output in named else None


def _first_way(ways: list[tuple[str, Test]], fallback: str) -> str:
    """Return JSONata for the port of the first rule that an item meets."""
    return "".join(f"({test.holds})?{quoted(port)}:" for port, test in ways) + quoted(fallback)


def _every_way(ways: list[tuple[str, Test]]) -> str:
    """Return JSONata for the ports of all rules that an item meets."""
    return "[" + ",".join(f"(({test.holds})?{quoted(port)})" for port, test in ways) + "]"


def _taken(port: str, fallback: str, every: bool) -> str:
    """Return the condition that an item takes a port."""
    if not every:
        return f"p={quoted(port)}"
    return f"{quoted(port)} in p" + (" or $count(p)=0" if port == fallback else "")


LOWERING = Lowering("rules", program)
