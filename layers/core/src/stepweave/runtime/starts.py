"""`Start`: what is to start, where and with what. As JSON it is the start request that functions hand one another."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from stepweave.model.environments import PRODUCTION
from stepweave.model.events import ParentRun, StartedBy
from stepweave.model.items import Batch, Item
from stepweave.runtime.events import new_id
from stepweave.runtime.seeds import Seed

Mode = Literal["draft", "live"]

_NAMESPACE: Final = "5d1f2a0e-8f53-4c1b-9f0e-6a7c1f5b2d90"
"""Of execution ids that follow from what they are for; made once at random."""


@dataclass(frozen=True, slots=True)
class Target:
    """What to start. `machine_arn` is the alias `live` of a workflow that is published in production, else a version's
    ARN."""

    tenant_id: str
    workflow_id: str
    workflow_name: str
    workflow_version: int | None
    machine_arn: str
    machine_type: Literal["standard", "express"]
    time_zone: str = "UTC"
    concurrency: int | None = None
    """How many executions of the workflow run at once; more wait for their turn (`stepweave_data.turns`)."""
    environment: str = PRODUCTION
    """The key of the environment that it runs in."""
    variables: Sequence[str] = ()
    """The names of the workspace's variables that it may read (`stepweave.expressions.variables`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start of an execution."""

    target: Target
    trigger: StartedBy
    """What started it."""
    node_id: str
    """The trigger node that fired."""
    items: Sequence[Item] | Batch
    """What it starts with, at least one; or a batch that is stored already."""
    mode: Mode = "live"
    """`draft` for a test run."""
    execution_id: str = field(default_factory=new_id)
    """A UUID. Given where the caller must know it before, or must not start twice."""
    seed: Seed = field(default_factory=dict)
    """The outputs of nodes that do not run in it."""
    parent: ParentRun | None = None
    """The node run that calls it, where one does."""
    origin: str = ""
    """The id of the execution that the work began with, where that is another (`ExecutionContext`)."""
    awaited: bool = False
    """Whether a caller waits for its answer in Redis, though it is Express (contracts.md, "Turns")."""
    admitted: bool = False
    """Whether it was let in already, where its workflow has a limit (contracts.md, "Turns")."""

    def to_json(self) -> dict[str, Any]:
        """Return the start request: what is as always is left out."""
        request: dict[str, Any] = {
            "target": asdict(self.target),
            "trigger": self.trigger,
            "nodeId": self.node_id,
            "items": self.items,
            "mode": self.mode,
            "executionId": self.execution_id,
        }
        more = {
            "seed": dict(self.seed),
            "parent": self.parent,
            "origin": self.origin,
            "awaited": self.awaited,
            "admitted": self.admitted,
        }
        return request | {name: value for name, value in more.items() if value}

    @classmethod
    def from_json(cls, request: Mapping[str, Any]) -> "Start":
        """Read a start request. Raises KeyError or TypeError for what is none."""
        return cls(
            target=Target(**request["target"]),
            trigger=request["trigger"],
            node_id=request["nodeId"],
            items=request["items"],
            mode=request["mode"],
            execution_id=request["executionId"],
            seed=request.get("seed") or {},
            parent=request.get("parent"),
            origin=request.get("origin", ""),
            awaited=request.get("awaited", False),
            admitted=request.get("admitted", False),
        )


def execution_id_of(*parts: str) -> str:
    """Return the execution id that belongs to something that must start once: a schedule and its due time."""
    from uuid import UUID, uuid5

    return str(uuid5(UUID(_NAMESPACE), "\n".join(parts)))


def execution_arn_of(machine_arn: str, name: str) -> str:
    """Return the ARN of a Standard machine's execution by the ARN of the machine, a version or an alias."""
    parts = machine_arn.split(":")
    return ":".join((*parts[:5], "execution", parts[6], name))
