"""The trigger's Lambda function."""

from functions.nodes.apps.slack.triggers.events.options import LOADERS
from functions.nodes.apps.slack.triggers.events.spec import SPEC
from functions.nodes.apps.slack.triggers.events.trigger import activate, deactivate, receive
from stepweave.runtime import lambda_trigger
from stepweave.runtime.options import options

handler = lambda_trigger(
    SPEC,
    {"activate": activate, "deactivate": deactivate, "receive": receive, "options": options(LOADERS)},
)
