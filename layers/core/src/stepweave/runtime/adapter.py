"""`lambda_node` and `lambda_trigger`: the only Lambda adapters for nodes."""

import gc
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from stepweave.aws import Aws
from stepweave.aws.passes import Who
from stepweave.model.step import STEP_DEFAULTS, StepPayload, StepResult
from stepweave.runtime.claims import Claims
from stepweave.runtime.credentials import Vault, vault_function
from stepweave.runtime.deadline import MARGIN
from stepweave.runtime.errors import NodeError, in_words
from stepweave.runtime.events import queue_sender
from stepweave.runtime.leases import Leases, leases
from stepweave.runtime.running import Run, Services, run_step, time_limit
from stepweave.spec.node import NodeSpec

if TYPE_CHECKING:
    from stepweave.runtime.asks import Ask, Asked, AskPayload, AskResult


class LambdaContext(Protocol):
    """What the adapter needs of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the invocation."""


Handler = Callable[[dict[str, Any], LambdaContext], "StepResult | AskResult"]

_NEW_OBJECTS: Final = 50_000
"""New objects after which Python looks for cycles among them. Steps make many objects and few cycles: with Python's own
700, looking takes as long as reading 100,000 items does (ADR 27)."""
_NO_ASKS: "Final[Mapping[str, Ask]]" = MappingProxyType({})


def lambda_node(spec: NodeSpec, run: Run, asks: "Mapping[str, Ask]" = _NO_ASKS) -> Handler:
    """Return the Lambda handler of a node.

    Args:
        spec: the node type.
        run: its behaviour.
        asks: what it can be asked besides, by name (`stepweave.runtime.asks`); an app's options are asked without.
    """
    known = {**options_of(spec), **asks}
    gc.set_threshold(_NEW_OBJECTS)

    def handler(payload: dict[str, Any], context: LambdaContext) -> "StepResult | AskResult":
        if "ask" in payload:
            return _answered(spec, known, payload, context)
        whole = cast("StepPayload", {**STEP_DEFAULTS, **payload})
        limit = min(context.get_remaining_time_in_millis() / 1000, time_limit(whole, spec))
        # The machine counts the node's own time-out from before a cold start, hence the margin for both.
        seconds = limit - min(MARGIN, limit / 4)
        try:
            return run_step(spec, run, whole, services_for(whole["context"]), seconds=seconds)
        except NodeError as error:
            # The machine carries an exception's name and text; whoever reads them wants remedy and details too.
            error.args = (in_words(error, whole["node"]),)
            raise

    return handler


def lambda_trigger(spec: NodeSpec, asks: "Mapping[str, Ask]") -> Handler:
    """Return the Lambda handler of a trigger with code, which runs no steps. Arguments as of `lambda_node`."""

    def handler(payload: dict[str, Any], context: LambdaContext) -> "AskResult":
        return _answered(spec, asks, {"ask": "run", **payload}, context)

    return handler


def options_of(spec: NodeSpec) -> "dict[str, Ask]":
    """Return what a node can be asked for whose loaders of options are data."""
    app = spec.app
    if app is None or not app.options:
        return {}

    def options(asked: "Asked") -> Any:
        # Imported here: most of the function's starts are for steps.
        from stepweave.runtime.http.options import app_options

        return app_options(app, asked)

    return {"options": options}


def _answered(
    spec: NodeSpec, asks: "Mapping[str, Ask]", payload: dict[str, Any], context: LambdaContext
) -> "AskResult":
    # Imported here: it brings pydantic's adapters, and most of the function's starts are for steps.
    from stepweave.runtime.asks import answer_ask

    limit = min(context.get_remaining_time_in_millis() / 1000, spec.timeout_seconds, payload.get("seconds", math.inf))
    seconds = limit - min(MARGIN, limit / 4)
    who = payload.get("pass") or str(payload.get("tenantId") or "")
    # A vault that remembers nothing: whoever has just mended a credential must not be told of the old one.
    vault = Vault(vault_function())
    return answer_ask(
        spec.params, asks, cast("AskPayload", payload), vault, seconds=seconds, claims=lambda: services_for(who).claims
    )


def services_for(who: Who) -> Services:
    """Return this worker's way to the outside, with the rights of an execution or an ask in the data bucket."""
    found, lent = services(), lent_storage()
    if lent is None:
        return found
    return replace(found, claims=Claims(partial(lent.storage, who), found.claims.bucket))


@lru_cache(maxsize=1)
def lent_storage() -> Leases | None:
    """Return what this worker was lent in the data bucket."""
    return leases()


@lru_cache(maxsize=1)
def services() -> Services:
    """Return this worker's way to the outside, from its environment (contracts.md, "Environment of functions").

    Raises:
        KeyError: a variable is not set.
    """

    def storage() -> Any:
        return Aws.shared().storage

    return Services(
        send=queue_sender(),
        claims=Claims(storage, os.environ["STEPWEAVE_DATA_BUCKET"]),
        vault=Vault(vault_function()),
    )
