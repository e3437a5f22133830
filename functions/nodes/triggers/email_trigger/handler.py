"""The trigger's Lambda function."""

from functions.nodes.triggers.email_trigger.options import LOADERS
from functions.nodes.triggers.email_trigger.spec import SPEC
from functions.nodes.triggers.email_trigger.trigger import poll, try_out
from stepweave.runtime import lambda_trigger
from stepweave.runtime.options import options

handler = lambda_trigger(SPEC, {"poll": poll, "options": options(LOADERS), "test": try_out})
