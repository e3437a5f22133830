"""What an expression can see: the items of its step, other nodes' outputs, and who and what the execution is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stepweave.model.items import Item

Output = Mapping[str, list[Item]]
"""A node's items by port."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The data of one step.

    `items` are those of the main input. `output_of(name)` gives a referenced node's items by port, or None where it did
    not run; it is called at most once per name and raises KeyError for a name the step does not refer to. `names` are
    the names it knows. `workflow` and `execution` are small JSON objects (`id`, `name`; `id`, `mode`, ...).
    """

    items: list[Item]
    output_of: Callable[[str], Output | None]
    names: frozenset[str] = frozenset()
    workflow: Mapping[str, Any] = field(default_factory=dict)
    execution: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_outputs(cls, items: list[Item], outputs: Mapping[str, Output | None], **more: Any) -> "Scope":
        """Return a scope whose referenced outputs are all at hand."""
        return cls(items, lambda name: outputs[name], frozenset(outputs), **more)
