"""Says which objects S3 told of."""

from typing import Any

from functions.nodes.apps.aws.envelopes import objects_of
from functions.nodes.apps.aws.receiving import poll_queue
from functions.nodes.apps.aws.triggers.s3.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.polling import params_of


def poll(asked: Asked) -> dict[str, Any]:
    """Return the objects that were made. Raises what `SPEC.errors` names."""
    params = params_of(asked, Params)
    return poll_queue(
        asked, params.queue, lambda message: objects_of(message, params.bucket, params.prefix, params.suffix)
    )
