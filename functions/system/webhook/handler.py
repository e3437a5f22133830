"""Lambda handler of `ANY /hooks/{tenant}/{path+}` (HTTP API, payload 2.0)."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from functions.system.webhook import addresses
from functions.system.webhook.addresses import Addresses
from functions.system.webhook.deliveries import Deliveries
from functions.system.webhook.launching import Launcher
from functions.system.webhook.quotas import Plans
from functions.system.webhook.receiving import Kept, Receiver
from functions.system.webhook.targets import Targets, from_database, patterns_from_database
from functions.system.webhook.turns import DatabaseTurns
from functions.system.webhook.webhook import ANSWER_SECONDS, Webhook
from stepweave.aws import Aws
from stepweave.aws.control.node_functions import NodeFunctions
from stepweave.runtime.credentials import Vault, vault_function
from stepweave.runtime.origins import content_origin
from stepweave_data import variables
from stepweave_data.history.live import connect
from stepweave_data.hooks.serving import answer_to
from stepweave_data.redis_link import redis_url
from stepweave_data.telemetry import observed

if TYPE_CHECKING:
    from stepweave_data.link import Link


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Serve one request."""
    return answer_to(event, lambda request: webhook().serve(request), "The webhook")


@cache
def link() -> "Link":
    """Return this worker's connection."""
    from stepweave_data.link import Link  # only where a workflow reads variables: it costs a cold start

    return Link()


@cache
def webhook() -> Webhook:
    """Return this worker's."""
    client, public_url = connect(redis_url()), os.environ["STEPWEAVE_PUBLIC_URL"]
    plans = Plans(client)
    launcher = Launcher(
        variables.launch(link), hand_over, DatabaseTurns(), ANSWER_SECONDS, plans.counted, plans.refused
    )
    vault = Vault(vault_function())
    receiver = Receiver(
        addresses=Addresses(client, addresses.from_database),
        kept=Kept(vault.kept),
        deliveries=Deliveries(client),
        functions=NodeFunctions(os.environ["STEPWEAVE_PREFIX"]),
        launcher=launcher,
        claims=launcher.launch.claims,
        public_url=public_url,
        content_url=content_origin(),
        tell=addresses.tell_database(client),
        hear=addresses.hear_database,
    )
    targets = Targets(client, from_database, patterns_from_database)
    return Webhook(targets, receiver, launcher, vault, client, public_url, room=plans.check)


def hand_over(request: dict[str, Any]) -> None:
    """Give the starter function a start request. Raises AwsError."""
    Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)
