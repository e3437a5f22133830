"""The trigger's Lambda function."""

from functions.nodes.apps.google.triggers.sheets_rows.options import LOADERS
from functions.nodes.apps.google.triggers.sheets_rows.spec import SPEC
from functions.nodes.apps.google.triggers.sheets_rows.trigger import poll
from stepweave.runtime import lambda_trigger
from stepweave.runtime.options import options

handler = lambda_trigger(SPEC, {"poll": poll, "options": options(LOADERS)})
