"""Runs steps in this process: the behaviours of `functions/nodes`, with storage in memory and nobody to tell.

Nodes that reach out to servers do not run here: `NetworkRefused` says so.
"""

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

from functions.nodes.catalogue import packages
from local.offline.storage import MemoryStorage
from stepweave.model.step import STEP_DEFAULTS, StepPayload, StepResult
from stepweave.runtime.budgets import unlimited
from stepweave.runtime.claims import Claims
from stepweave.runtime.credentials import Vault
from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.running import Run, Services, run_step, time_limit
from stepweave.runtime.storing import StoreUnavailable
from stepweave.spec.fields import shown
from stepweave.spec.node import NodeSpec

BUCKET: Final = "memory"


class CannotRun(Exception):
    """A node cannot run here. `str()` names it and says what to do."""

    def __init__(self, node: str, reason: str) -> None:
        super().__init__(f"{node!r} {reason}. Pin its output: in the editor, or as `pinned` in the workflow file.")
        self.node = node


class NetworkRefused(CannotRun):
    """A node wants to reach a server."""

    def __init__(self, node: str, type: str) -> None:
        super().__init__(node, f"({type}) reaches out to a server, and a test has no network")


class NobodyAnswers(CannotRun):
    """A node waits for somebody outside: a caller, a person, another workflow."""

    def __init__(self, node: str, type: str) -> None:
        super().__init__(node, f"({type}) waits for somebody outside, and in a test nobody answers")


class Steps:
    """The functions of all node types; those that reach out to servers only where there is a `network`."""

    def __init__(self, storage: MemoryStorage | None = None, *, network: bool = False) -> None:
        self._network = network
        self.storage = storage or MemoryStorage()
        self.claims = Claims(lambda: self.storage, BUCKET)
        self._services = Services(_untold, self.claims, Vault(_no_credentials), _no_store)

    def run(self, payload: dict[str, Any]) -> StepResult:
        """Return a step's result; what the payload leaves out is as `STEP_DEFAULTS` says.

        Raises:
            NetworkRefused: the node needs a network.
            NodeError: the step failed.
            LookupError: there is no such node type, or it has no function.
        """
        whole = cast("StepPayload", {**STEP_DEFAULTS, **payload})
        node = whole["node"]
        spec, behaviour = behaviour_of(node["type"], node["version"])
        if spec.starts_workflows or (_reaches_out(spec, whole["params"]) and not self._network):
            raise NetworkRefused(node["name"], spec.name)
        return run_step(spec, behaviour, whole, self._services, seconds=time_limit(whole, spec))


def _reaches_out(spec: NodeSpec, params: Mapping[str, Any]) -> bool:
    fields = {found.alias or name: found for name, found in spec.params.model_fields.items()}
    return spec.network and shown(
        {"showWhen": spec.network_when}, lambda name: params.get(name, fields[name].get_default())
    )


@cache
def behaviour_of(type: str, version: int) -> tuple[NodeSpec, Run]:
    """Return a node type's spec and behaviour. Raises LookupError where there is none."""
    package = packages().get((type, version))
    if package is None:
        raise LookupError(f"there is no node type {type!r} version {version}")
    spec: NodeSpec = importlib.import_module(f"{package}.spec").SPEC
    if spec.trigger is not None:
        raise LookupError(f"{type!r} is a trigger and has no function")
    run: Run = importlib.import_module(f"{package}.run").run
    return spec, run


def phases_of(type: str, version: int) -> tuple[str, ...]:
    """Return the phases that a node takes one after another; "" for the only one. Raises LookupError as above."""
    spec, _ = behaviour_of(type, version)
    return tuple(phase.name for phase in spec.phases) or ("",)


def _untold(body: str, group: str, deduplication: str) -> None:
    """Take a step's events and drop them."""


def _no_credentials(request: dict[str, str]) -> Any:
    raise CredentialMissing("A test has no credentials.", "Pin the node's output.")


def _no_store(request: dict[str, Any]) -> Any:
    answer = unlimited(request)
    if answer is not None:
        return answer
    raise StoreUnavailable("A test has no store.", "Pin the node's output.")
