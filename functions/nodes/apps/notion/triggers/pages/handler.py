"""The trigger's Lambda function."""

from functions.nodes.apps.notion.triggers.pages.options import LOADERS
from functions.nodes.apps.notion.triggers.pages.spec import SPEC
from functions.nodes.apps.notion.triggers.pages.trigger import poll
from stepweave.runtime import lambda_trigger
from stepweave.runtime.options import options

handler = lambda_trigger(SPEC, {"poll": poll, "options": options(LOADERS)})
