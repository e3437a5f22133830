"""Lambda handler of the sweeper, on a schedule of a minute."""

import os
from functools import cache
from typing import Any

from functions.system.sweeper.sweeping import Sweeper
from stepweave.aws import Aws
from stepweave.runtime.events import queue_sender
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, count, observed


@observed
def handler(_: Any, __: Any) -> dict[str, int]:
    """Look at the executions that have been open for long; return how many were ended."""
    ended = sweeper().sweep()
    count(Metric.DONE, ended)
    return {"ended": ended}


@cache
def sweeper() -> Sweeper:
    """Return this worker's."""

    def hand_over(request: dict[str, Any]) -> None:
        Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)

    return Sweeper(Link(), lambda arn: Aws.shared().machines.describe(arn), queue_sender(), hand_over)
