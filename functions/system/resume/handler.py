"""Lambda handler of `ANY /hooks/resume/{executionId}/{signature}` (HTTP API, payload 2.0)."""

import os
from functools import cache
from typing import Any

from functions.system.resume.resuming import Resume
from stepweave.aws import Aws
from stepweave.aws.secrets import secret
from stepweave.runtime.callbacks import SECRET
from stepweave.runtime.claims import Claims
from stepweave.runtime.events import queue_sender
from stepweave_data.hooks.serving import answer_to
from stepweave_data.hooks.waits import Waits
from stepweave_data.link import Link
from stepweave_data.telemetry import observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Serve one request."""
    return answer_to(event, lambda request: resume().serve(request), "The callback")


@cache
def resume() -> Resume:
    """Return this worker's."""
    aws = Aws.shared()
    link = Link()
    return Resume(
        link=link,
        waits=Waits(link, aws.machines, queue_sender()),
        claims=Claims(lambda: aws.storage, os.environ["STEPWEAVE_DATA_BUCKET"]),
        secret=lambda: secret(SECRET),
    )
