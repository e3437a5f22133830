"""The trigger's Lambda function."""

from functions.nodes.apps.aws.triggers.sns.options import LOADERS
from functions.nodes.apps.aws.triggers.sns.spec import SPEC
from functions.nodes.apps.aws.triggers.sns.trigger import activate, deactivate, receive
from stepweave.runtime import lambda_trigger
from stepweave.runtime.options import options

handler = lambda_trigger(
    SPEC,
    {"activate": activate, "deactivate": deactivate, "receive": receive, "options": options(LOADERS)},
)
