"""Says which events a rule sent."""

from typing import Any

from functions.nodes.apps.aws.envelopes import event_of
from functions.nodes.apps.aws.receiving import poll_queue
from functions.nodes.apps.aws.triggers.eventbridge.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.polling import params_of


def poll(asked: Asked) -> dict[str, Any]:
    """Return the events of the queue. Raises what `SPEC.errors` names."""
    return poll_queue(asked, params_of(asked, Params).queue, event_of)
