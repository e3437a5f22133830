"""The trigger's Lambda function."""

from functions.nodes.triggers.rss_trigger.spec import SPEC
from functions.nodes.triggers.rss_trigger.trigger import poll
from stepweave.runtime import lambda_trigger

handler = lambda_trigger(SPEC, {"poll": poll})
