"""The trigger's Lambda function."""

from functions.nodes.apps.airtable.triggers.records.options import LOADERS
from functions.nodes.apps.airtable.triggers.records.spec import SPEC
from functions.nodes.apps.airtable.triggers.records.trigger import poll
from stepweave.runtime import lambda_trigger
from stepweave.runtime.options import options

handler = lambda_trigger(SPEC, {"poll": poll, "options": options(LOADERS)})
