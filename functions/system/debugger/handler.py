"""Lambda handler of the debugger, whose Task waits for its token (`stepweave.compiler.kinds.stop`).

It is given `{"context", "node", "inputs", "taskToken", "iteration"?, "leadsBack"?, "handsTo"?, "failure"?,
"attempts"?}`.
"""

import os
from functools import cache
from typing import Any

from functions.system.debugger.stopping import Stopping
from stepweave.aws import Aws
from stepweave.runtime.claims import Claims
from stepweave.runtime.events import queue_sender
from stepweave_data.link import Link
from stepweave_data.passes import Passes
from stepweave_data.telemetry import Metric, about, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Let a node go, or stop it."""
    bearer = passes().bearer(event["context"])
    about(tenant_id=bearer.tenant_id, execution_id=bearer.execution_id)
    stopped = stopping().serve(bearer, event)
    count(Metric.DONE)
    return {"stopped": stopped}


@cache
def stopping() -> Stopping:
    """Return this worker's."""
    aws = Aws.shared()
    claims = Claims(lambda: aws.storage, os.environ["STEPWEAVE_DATA_BUCKET"])
    return Stopping(link(), aws.machines, lambda: claims, queue_sender())


@cache
def passes() -> Passes:
    """Return what checks passes in this worker."""
    return Passes(link)


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()
