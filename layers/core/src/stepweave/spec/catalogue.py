"""The catalogue: every node type as JSON data. `docs/reference/catalog.json` is its committed form.

The compiler, the API and the editor read this, never the Python specs, so a node's folder stays the one source.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from stepweave.spec.credential_entry import CredentialEntry
from stepweave.spec.node import (
    Category,
    Emits,
    NodeSpec,
    Port,
    TriggerCode,
    TriggerKind,
    Waiting,
)
from stepweave.spec.ports import output_ports, ports_in_use
from stepweave.spec.schemas import inline_refs
from stepweave.spec.upgrades import Upgrade


@dataclass(frozen=True)
class CatalogueEntry:
    """One node type and version as the compiler and the API see it.

    Fields as in `NodeSpec`; `errors` and `retryable` also name those that every node has.
    """

    type: str
    version: int
    name: str
    category: Category
    icon: str
    summary: str
    docs: str
    subtitle: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    params_schema: Mapping[str, Any]
    trigger: TriggerKind | None
    is_response: bool
    credentials: tuple[str, ...]
    network: bool
    layers: tuple[str, ...]
    timeout_seconds: int
    memory_mb: int
    errors: tuple[str, ...]
    retryable: tuple[str, ...]
    output_example: tuple[dict[str, Any], ...]
    outputs_from: tuple[str, ...] = ()
    inputs_counted: str = ""
    waiting: Waiting | None = None
    control: str = ""
    control_when: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    lowering: str = ""
    upgrade: Upgrade | None = None
    listens: TriggerCode | None = None
    app: str = ""
    """Of an app's node and its triggers: the app's folder, which they have in common; of others nothing."""

    @property
    def has_function(self) -> bool:
        """Whether the node runs code: all but triggers that listen to nothing."""
        return self.trigger is None or self.listens is not None

    @cached_property
    def function_name(self) -> str:
        """The Lambda function's name without the deployment's prefix: `node-http_request-v1`."""
        return f"node-{self.type}-v{self.version}"

    def ports(self, params: Mapping[str, Any]) -> tuple[Port, ...]:
        """Return the output ports of a node with these parameters: those its rows name, each once, then its own."""
        return output_ports(self, params)

    def ports_in_use(self, params: Mapping[str, Any]) -> tuple[Port, ...]:
        """Return those of its output ports that items may come out of, as its parameters are."""
        return ports_in_use(self, params)

    def form_of(self, name: str) -> tuple[Mapping[str, Any], Any]:
        """As in `NodeSpec`."""
        field = self.params_schema.get("properties", {}).get(name, {})
        return field.get("x-ui", {}), field.get("default")

    def waits(self, params: Mapping[str, Any]) -> bool:
        """Return whether a node with these parameters waits for a task token."""
        return self.waiting is not None and self._are(params, self.waiting.when)

    def kind(self, params: Mapping[str, Any]) -> str:
        """Return the kind of control that a node with these parameters is, besides waiting for a token."""
        return self.control if self._are(params, self.control_when) else ""

    def _are(self, params: Mapping[str, Any], wanted: Mapping[str, Sequence[Any]]) -> bool:
        properties = self.params_schema.get("properties", {})
        return all(
            params.get(name, properties.get(name, {}).get("default")) in values for name, values in wanted.items()
        )

    def output(self, name: str) -> Port | None:
        """Return the declared output port called `name`, or None."""
        return next((port for port in self.outputs if port.name == name), None)

    def input_ports(self, params: Mapping[str, Any]) -> tuple[Port, ...]:
        """Return the input ports of a node with these parameters: all, or as many as one of them says."""
        if not self.inputs_counted:
            return self.inputs
        default = self.params_schema["properties"][self.inputs_counted]["default"]
        count = params.get(self.inputs_counted, default)
        return self.inputs[: count if type(count) is int and 0 < count <= len(self.inputs) else default]

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON data (camelCase)."""
        return {
            "type": self.type,
            "version": self.version,
            "name": self.name,
            "category": self.category.value,
            "icon": self.icon,
            "summary": self.summary,
            "docs": self.docs,
            "subtitle": self.subtitle,
            "inputs": [_port_to_json(port) for port in self.inputs],
            "outputs": [_port_to_json(port) for port in self.outputs],
            "paramsSchema": dict(self.params_schema),
            "trigger": self.trigger.value if self.trigger else None,
            "listens": asdict(self.listens) if self.listens else None,
            "isResponse": self.is_response,
            "credentials": list(self.credentials),
            "network": self.network,
            "layers": list(self.layers),
            "timeoutSeconds": self.timeout_seconds,
            "memoryMb": self.memory_mb,
            "errors": list(self.errors),
            "retryable": list(self.retryable),
            "outputExample": list(self.output_example),
            "outputsFrom": list(self.outputs_from),
            "inputsCounted": self.inputs_counted,
            "waiting": _waiting_to_json(self.waiting),
            "control": self.control,
            "controlWhen": {name: list(values) for name, values in self.control_when.items()},
            "lowering": self.lowering,
            "upgrade": self.upgrade.to_json() if self.upgrade else None,
            "app": self.app,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CatalogueEntry":
        """Read what `to_json` wrote. Raises KeyError or ValueError on anything else."""
        return cls(
            type=data["type"],
            version=data["version"],
            name=data["name"],
            category=Category(data["category"]),
            icon=data["icon"],
            summary=data["summary"],
            docs=data["docs"],
            subtitle=data["subtitle"],
            inputs=tuple(map(_port_from_json, data["inputs"])),
            outputs=tuple(map(_port_from_json, data["outputs"])),
            params_schema=data["paramsSchema"],
            trigger=TriggerKind(data["trigger"]) if data["trigger"] else None,
            listens=TriggerCode(**data["listens"]) if data.get("listens") else None,
            is_response=data["isResponse"],
            credentials=tuple(data["credentials"]),
            network=data.get("network", False),
            layers=tuple(data.get("layers", ())),
            timeout_seconds=data["timeoutSeconds"],
            memory_mb=data["memoryMb"],
            errors=tuple(data["errors"]),
            retryable=tuple(data["retryable"]),
            output_example=tuple(data["outputExample"]),
            outputs_from=tuple(data.get("outputsFrom", ())),
            inputs_counted=data.get("inputsCounted", ""),
            waiting=_waiting_from_json(data.get("waiting")),
            control=data.get("control", ""),
            control_when=data.get("controlWhen", {}),
            lowering=data.get("lowering", ""),
            upgrade=Upgrade.from_json(data["upgrade"]) if data.get("upgrade") else None,
            app=data.get("app", ""),
        )

    @classmethod
    def of(cls, spec: NodeSpec) -> "CatalogueEntry":
        """Return the entry of a node's spec."""
        return cls(
            type=spec.type,
            version=spec.version,
            name=spec.name,
            category=spec.category,
            icon=spec.icon,
            summary=spec.summary,
            docs=spec.docs,
            subtitle=spec.subtitle,
            inputs=() if spec.trigger else spec.inputs,
            outputs=spec.outputs,
            params_schema=inline_refs(spec.params.model_json_schema(by_alias=True)),
            trigger=spec.trigger,
            listens=spec.listens,
            is_response=spec.is_response,
            credentials=spec.credentials,
            network=spec.network,
            layers=spec.layers,
            timeout_seconds=spec.timeout_seconds,
            memory_mb=spec.memory_mb,
            errors=spec.all_errors,
            retryable=spec.all_retryable,
            output_example=spec.output_example,
            outputs_from=spec.outputs_from,
            inputs_counted=spec.inputs_counted,
            waiting=spec.waiting,
            control=spec.control,
            control_when=spec.control_when,
            lowering=spec.lowering,
            upgrade=spec.upgrade,
        )


class Catalogue:
    """All node types, by type and version, and all credential types."""

    def __init__(self, entries: Iterable[CatalogueEntry], credentials: Iterable[CredentialEntry] = ()) -> None:
        self._entries = {(entry.type, entry.version): entry for entry in entries}
        self.credentials: Mapping[str, CredentialEntry] = {entry.type: entry for entry in credentials}

    def get(self, type: str, version: int) -> CatalogueEntry | None:
        """Return the entry of `type` at `version`, or None."""
        return self._entries.get((type, version))

    def versions(self, type: str) -> list[int]:
        """Return the versions there are of `type`, ascending; empty where the type is unknown."""
        return sorted(version for name, version in self._entries if name == type)

    def types(self) -> list[str]:
        """Return all type names, sorted."""
        return sorted({name for name, _ in self._entries})

    def __iter__(self) -> Iterator[CatalogueEntry]:
        return iter(sorted(self._entries.values(), key=lambda entry: (entry.type, entry.version)))

    def to_json(self) -> dict[str, Any]:
        """Return the catalogue as JSON data."""
        credentials = sorted(self.credentials.values(), key=lambda entry: entry.type)
        return {
            "nodes": [entry.to_json() for entry in self],
            "credentials": [entry.to_json() for entry in credentials],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Catalogue":
        """Read what `to_json` wrote."""
        return cls(
            (CatalogueEntry.from_json(entry) for entry in data["nodes"]),
            (CredentialEntry.from_json(entry) for entry in data.get("credentials", ())),
        )


def _port_to_json(port: Port) -> dict[str, Any]:
    rules = {"showWhen": [{name: list(values) for name, values in rule.items()} for rule in port.show_when]}
    more = {**(rules if port.show_when else {}), **({"below": True} if port.below else {})}
    return {"name": port.name, "label": port.label, "emits": port.emits.value, **more}


def _port_from_json(data: Mapping[str, Any]) -> Port:
    return Port(
        name=data["name"],
        label=data["label"],
        emits=Emits(data["emits"]),
        show_when=tuple(data.get("showWhen", ())),
        below=bool(data.get("below")),
    )


def _waiting_to_json(waiting: Waiting | None) -> dict[str, Any] | None:
    if waiting is None:
        return None
    when = {name: list(values) for name, values in waiting.when.items()}
    return {"when": when, "seconds": waiting.seconds, "timeoutPort": waiting.timeout_port}


def _waiting_from_json(data: Mapping[str, Any] | None) -> Waiting | None:
    return None if data is None else Waiting(data["when"], data["seconds"], data["timeoutPort"])
