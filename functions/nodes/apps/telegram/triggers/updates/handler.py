"""The trigger's Lambda function."""

from functions.nodes.apps.telegram.triggers.updates.spec import SPEC
from functions.nodes.apps.telegram.triggers.updates.trigger import activate, deactivate, receive
from stepweave.runtime import lambda_trigger

handler = lambda_trigger(SPEC, {"activate": activate, "deactivate": deactivate, "receive": receive})
