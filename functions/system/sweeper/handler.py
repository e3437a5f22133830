"""Lambda handler of the sweeper, on a schedule of a minute."""

from typing import Any

from functions.system.sweeper.sweeping import sweep
from stepweave.aws import Aws
from stepweave.runtime.events import queue_sender


def handler(_: Any, __: Any) -> dict[str, int]:
    """Look at the executions that have been open for long; return how many were ended."""
    return {"ended": sweep(lambda arn: Aws.shared().machines.describe(arn), queue_sender())}
