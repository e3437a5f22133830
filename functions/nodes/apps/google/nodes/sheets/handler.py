"""The node's Lambda function."""

from functions.nodes.apps.google.nodes.sheets.options import LOADERS
from functions.nodes.apps.google.nodes.sheets.run import run
from functions.nodes.apps.google.nodes.sheets.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
