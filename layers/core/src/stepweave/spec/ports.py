"""Which output ports a node has, and which of them its parameters use."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from stepweave.spec.fields import rules_of
from stepweave.spec.node import Port


class HasOutputs(Protocol):
    """What has output ports: a spec or a catalogue entry."""

    @property
    def outputs(self) -> tuple[Port, ...]:
        """The ports that every node of the type has."""

    @property
    def outputs_from(self) -> tuple[str, ...]:
        """As in `NodeSpec`."""

    def form_of(self, name: str) -> tuple[Mapping[str, Any], Any]:
        """As in `NodeSpec`."""


def output_ports(of: HasOutputs, params: Mapping[str, Any]) -> tuple[Port, ...]:
    """Return the output ports of a node with these parameters: those its rows name, each once, then its type's.

    Ports that the parameters leave unused are among them, after those in use, so that connections saved with another
    choice still mean something: nothing comes out there.
    """
    if not of.outputs_from:
        return of.outputs
    used = _lists(of, params)
    unused = [name for name in of.outputs_from if name not in used]
    return (*_ports(of, _named([*used, *unused], params)), *of.outputs)


def ports_in_use(of: HasOutputs, params: Mapping[str, Any]) -> tuple[Port, ...]:
    """Return those of a node's output ports that items may come out of, as its parameters are."""
    named = named_outputs(of, params)
    own = (port for port in of.outputs if port.name in named or _holds(of, port.show_when, params))
    return (*_ports(of, named), *own)


def named_outputs(of: HasOutputs, params: Mapping[str, Any]) -> list[str]:
    """Return the ports that a node's rows name, each once, one of its type's maybe; not of lists that are not shown."""
    return _named(_lists(of, params), params)


def _lists(of: HasOutputs, params: Mapping[str, Any]) -> list[str]:
    return [name for name in of.outputs_from if _holds(of, rules_of(of.form_of(name)[0]), params)]


def _named(lists: Sequence[str], params: Mapping[str, Any]) -> list[str]:
    rows = (row for name in lists if isinstance(found := params.get(name), list) for row in found)
    named = (row.get("output") for row in rows if isinstance(row, Mapping))
    return list(dict.fromkeys(name for name in named if isinstance(name, str) and name))


def _ports(of: HasOutputs, named: Sequence[str]) -> list[Port]:
    own = {port.name for port in of.outputs}
    return [Port(name, name) for name in named if name not in own]


def _holds(of: HasOutputs, rules: Sequence[Mapping[str, Sequence[Any]]], params: Mapping[str, Any]) -> bool:
    def value_of(name: str) -> Any:
        return params.get(name, of.form_of(name)[1])

    return not rules or any(all(value_of(name) in values for name, values in rule.items()) for rule in rules)
