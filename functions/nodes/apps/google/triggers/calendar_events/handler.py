"""The trigger's Lambda function."""

from functions.nodes.apps.google.triggers.calendar_events.options import LOADERS
from functions.nodes.apps.google.triggers.calendar_events.spec import SPEC
from functions.nodes.apps.google.triggers.calendar_events.trigger import poll
from stepweave.runtime import lambda_trigger
from stepweave.runtime.options import options

handler = lambda_trigger(SPEC, {"poll": poll, "options": options(LOADERS)})
