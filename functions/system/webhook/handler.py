"""Lambda handler of `ANY /hooks/{tenant}/{path+}` (HTTP API, payload 2.0)."""

import os
from functools import cache
from typing import Any

from functions.system.webhook.answering import Refusal
from functions.system.webhook.requests import read_request
from functions.system.webhook.targets import Targets
from functions.system.webhook.webhook import Webhook
from stepweave.runtime.credentials import Vault, vault_function
from stepweave.runtime.starting import Launch
from stepweave_data.history.live import connect


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Serve one request."""
    try:
        return webhook().serve(read_request(event))
    except Refusal as refusal:
        return refusal.answer


@cache
def webhook() -> Webhook:
    """Return this worker's."""
    cache_client = connect(os.environ["STEPWEAVE_REDIS_URL"])
    return Webhook(
        targets=Targets(cache_client),
        launch=Launch.shared(),
        vault=Vault(vault_function()),
        redis=cache_client,
        public_url=os.environ["STEPWEAVE_PUBLIC_URL"],
    )
