"""Says which messages are in the queue."""

from typing import Any

from functions.nodes.apps.aws.messages import item_of
from functions.nodes.apps.aws.receiving import Read, poll_queue
from functions.nodes.apps.aws.triggers.sqs.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.polling import params_of


def poll(asked: Asked) -> dict[str, Any]:
    """Return the messages of the queue. Raises what `SPEC.errors` names."""
    params = params_of(asked, Params)
    return poll_queue(
        asked, params.queue, lambda message: Read(message["MessageId"], [item_of(message, as_json=params.read_json)])
    )
