"""The trigger's Lambda function."""

from functions.nodes.triggers.poll_trigger.spec import SPEC
from functions.nodes.triggers.poll_trigger.trigger import poll
from stepweave.runtime import lambda_trigger

handler = lambda_trigger(SPEC, {"poll": poll})
