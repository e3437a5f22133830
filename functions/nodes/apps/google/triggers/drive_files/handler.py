"""The trigger's Lambda function."""

from functions.nodes.apps.google.triggers.drive_files.options import LOADERS
from functions.nodes.apps.google.triggers.drive_files.spec import SPEC
from functions.nodes.apps.google.triggers.drive_files.trigger import poll
from stepweave.runtime import lambda_trigger
from stepweave.runtime.options import options

handler = lambda_trigger(SPEC, {"poll": poll, "options": options(LOADERS)})
