"""Lambda handler of `ANY /hooks/resume/{executionId}/{signature}` (HTTP API, payload 2.0)."""

import os
import sys
import traceback
from functools import cache
from typing import Any

from functions.system.resume.resuming import Resume
from stepweave.aws import Aws
from stepweave.runtime.callbacks import resume_secret
from stepweave.runtime.claims import Claims
from stepweave.runtime.events import queue_sender
from stepweave_data.hooks.refusals import Refusal, problem
from stepweave_data.hooks.requests import read_request
from stepweave_data.hooks.waits import Waits
from stepweave_data.link import Link


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Serve one request."""
    try:
        return resume().serve(read_request(event))
    except Refusal as refusal:
        return refusal.answer
    except Exception:
        # A mistake of ours: the caller gets a problem document like any other, and its place goes to the log.
        sys.stderr.write(traceback.format_exc())
        return problem(500, "internal", "Internal error", "The callback failed in a way nobody foresaw.")


@cache
def resume() -> Resume:
    """Return this worker's."""
    aws = Aws.shared()
    link = Link()
    return Resume(
        link=link,
        waits=Waits(link, aws.machines, queue_sender()),
        claims=Claims(lambda: aws.storage, os.environ["STEPWEAVE_DATA_BUCKET"]),
        secret=resume_secret(),
    )
