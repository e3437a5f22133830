"""Lambda handler of `ANY /forms/{path+}` (HTTP API, payload 2.0)."""

import os
from functools import cache
from typing import Any

from functions.system.form.refusing import refused
from functions.system.form.serving import Forms
from functions.system.form.visits import Visits
from stepweave.aws import Aws
from stepweave.aws.secrets import secret
from stepweave.runtime.callbacks import SECRET
from stepweave.runtime.events import queue_sender
from stepweave.runtime.form_links import ROOM
from stepweave_data import variables
from stepweave_data.history.live import connect
from stepweave_data.hooks.page_places import FORM
from stepweave_data.hooks.page_targets import Targets, from_database
from stepweave_data.hooks.requests import headers_of
from stepweave_data.hooks.serving import answer_to
from stepweave_data.hooks.starting import Starter
from stepweave_data.hooks.tries import Tries
from stepweave_data.hooks.visitors import plain
from stepweave_data.hooks.waits import Waits
from stepweave_data.link import Link
from stepweave_data.redis_link import redis_url
from stepweave_data.telemetry import observed
from stepweave_data.turns import Turns


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Serve one request."""
    return answer_to(
        event,
        lambda request: forms().serve(request),
        "The form",
        ROOM,
        lambda answer: refused(answer, plain(headers_of(event))),
    )


@cache
def forms() -> Forms:
    """Return this worker's."""
    aws, link, launch = Aws.shared(), Link(), variables.launch(lambda: link)
    client = connect(redis_url())
    return Forms(
        targets=Targets(FORM, client, from_database(link)),
        starter=Starter(launch, hand_over, "form", Turns(link)),
        visits=Visits(link, Waits(link, aws.machines, queue_sender()), launch.claims, lambda: secret(SECRET)),
        redis=client,
        tries=Tries(client),
        secret=lambda: secret(SECRET),
    )


def hand_over(request: dict[str, Any]) -> None:
    """Give the starter function a start request. Raises AwsError."""
    Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)
