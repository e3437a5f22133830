"""Lambda handler of `ANY /hooks/{tenant}/{path+}` (HTTP API, payload 2.0)."""

import os
from functools import cache
from typing import Any

from functions.system.webhook.targets import Targets, from_database
from functions.system.webhook.turns import DatabaseTurns
from functions.system.webhook.webhook import Webhook
from stepweave.aws import Aws
from stepweave.runtime.credentials import Vault, vault_function
from stepweave.runtime.starting import Launch
from stepweave_data.history.live import connect
from stepweave_data.hooks.serving import answer_to
from stepweave_data.telemetry import observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Serve one request."""
    return answer_to(event, lambda request: webhook().serve(request), "The webhook")


@cache
def webhook() -> Webhook:
    """Return this worker's."""
    client = connect(os.environ["STEPWEAVE_REDIS_URL"])
    return Webhook(
        targets=Targets(client, from_database),
        launch=Launch.shared(),
        vault=Vault(vault_function()),
        redis=client,
        hand_over=hand_over,
        public_url=os.environ["STEPWEAVE_PUBLIC_URL"],
        turns=DatabaseTurns(),
    )


def hand_over(request: dict[str, Any]) -> None:
    """Give the starter function a start request. Raises AwsError."""
    Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)
