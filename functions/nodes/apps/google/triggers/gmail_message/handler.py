"""The trigger's Lambda function."""

from functions.nodes.apps.google.triggers.gmail_message.options import LOADERS
from functions.nodes.apps.google.triggers.gmail_message.spec import SPEC
from functions.nodes.apps.google.triggers.gmail_message.trigger import poll
from stepweave.runtime import lambda_trigger
from stepweave.runtime.options import options

handler = lambda_trigger(SPEC, {"poll": poll, "options": options(LOADERS)})
