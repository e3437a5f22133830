"""The trigger's Lambda function."""

from functions.nodes.apps.aws.identity import try_out
from functions.nodes.apps.aws.triggers.sqs.options import LOADERS
from functions.nodes.apps.aws.triggers.sqs.spec import SPEC
from functions.nodes.apps.aws.triggers.sqs.trigger import poll
from stepweave.runtime import lambda_trigger
from stepweave.runtime.options import options

handler = lambda_trigger(SPEC, {"poll": poll, "options": options(LOADERS), "test": try_out})
