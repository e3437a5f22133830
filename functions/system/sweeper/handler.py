"""Lambda handler of the sweeper, on a schedule of a minute."""

import os
from functools import cache
from typing import Any

from functions.system.sweeper.catching_up import CatchingUp
from functions.system.sweeper.expiring import expired
from functions.system.sweeper.leaving import Leaving
from functions.system.sweeper.sweeping import Sweeper
from stepweave.aws import Aws
from stepweave.aws.control.node_functions import NodeFunctions
from stepweave.runtime.credentials import Vault, vault_function
from stepweave.runtime.events import queue_sender
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, count, observed


@observed
def handler(_: Any, __: Any) -> dict[str, int]:
    """Look at executions that have been open for long, at triggers that are to be taken away at providers, at
    schedules that missed times, and at what the store keeps past its time.

    Return how many were ended, taken away, made up for, and deleted.
    """
    caught_up = CatchingUp(link(), hand_over).sweep()
    ended = sweeper().sweep()
    gone = leaving().sweep()
    past = expired(link())
    count(Metric.DONE, ended + gone + caught_up + past)
    return {"ended": ended, "gone": gone, "caughtUp": caught_up, "expired": past}


def hand_over(request: dict[str, Any]) -> None:
    """Give the starter a request, and do not wait. Raises AwsError."""
    Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)


@cache
def sweeper() -> Sweeper:
    """Return this worker's."""
    return Sweeper(link(), lambda arn: Aws.shared().machines.describe(arn), queue_sender(), hand_over)


@cache
def leaving() -> Leaving:
    """Return this worker's."""
    functions = NodeFunctions(os.environ["STEPWEAVE_PREFIX"])
    return Leaving(link(), functions, Vault(vault_function()).kept, os.environ["STEPWEAVE_PUBLIC_URL"])


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()
