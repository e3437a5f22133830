"""`lambda_node`: the only Lambda adapter for nodes."""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol, cast

from stepweave.aws import Aws
from stepweave.model.step import STEP_DEFAULTS, StepPayload, StepResult
from stepweave.runtime.claims import Claims
from stepweave.runtime.credentials import Vault, vault_function
from stepweave.runtime.deadline import MARGIN
from stepweave.runtime.errors import NodeError, in_words
from stepweave.runtime.events import queue_sender
from stepweave.runtime.running import Run, Services, run_step, time_limit
from stepweave.spec.node import NodeSpec


class LambdaContext(Protocol):
    """What the adapter needs of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the invocation."""


def lambda_node(spec: NodeSpec, run: Run) -> Callable[[dict[str, Any], LambdaContext], StepResult]:
    """Return the Lambda handler of a node.

    Args:
        spec: the node type.
        run: its behaviour.
    """

    def handler(payload: dict[str, Any], context: LambdaContext) -> StepResult:
        whole = cast("StepPayload", {**STEP_DEFAULTS, **payload})
        limit = min(context.get_remaining_time_in_millis() / 1000, time_limit(whole, spec))
        # The machine counts the node's own time-out from before a cold start, hence the margin for both.
        seconds = limit - min(MARGIN, limit / 4)
        try:
            return run_step(spec, run, whole, services(), seconds=seconds)
        except NodeError as error:
            # The machine carries an exception's name and text; whoever reads them wants remedy and details too.
            error.args = (in_words(error),)
            raise

    return handler


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
