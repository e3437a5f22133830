"""How a node that was saved with one version of its type becomes one of the next: pure data, applied by the editor.

`tests/contract/upgrades.json` holds Python and TypeScript (`web/src/graph/upgrades.ts`) to the same meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What the version before lacks. The parts are applied in the order in which they stand here.

    Attributes:
        changes: a sentence or two for people: what is different now.
        renamed: parameters, old name -> new name.
        ports: output ports, old name -> new name; connections go along.
        values: parameter (new name) -> old value -> new value, both text, as of a select.
        dropped: parameters that are gone.
        given: parameters with the value that keeps what the node did before, where they have none.
    """

    changes: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "changes": self.changes,
            "renamed": dict(self.renamed),
            "ports": dict(self.ports),
            "values": {name: dict(values) for name, values in self.values.items()},
            "dropped": list(self.dropped),
            "given": dict(self.given),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Upgrade":
        """Read what `to_json` wrote. Raises KeyError on anything else."""
        return cls(
            changes=data["changes"],
            renamed=data["renamed"],
            ports=data["ports"],
            values=data["values"],
            dropped=tuple(data["dropped"]),
            given=data["given"],
        )


def upgraded(params: Mapping[str, Any], upgrade: Upgrade) -> dict[str, Any]:
    """Return parameters of the version before as those of the version that has this upgrade."""
    renamed = {upgrade.renamed.get(name, name): value for name, value in params.items()}
    mapped = {
        name: upgrade.values.get(name, {}).get(value, value) if isinstance(value, str) else value
        for name, value in renamed.items()
    }
    kept = {name: value for name, value in mapped.items() if name not in upgrade.dropped}
    return {**kept, **{name: value for name, value in upgrade.given.items() if name not in kept}}
