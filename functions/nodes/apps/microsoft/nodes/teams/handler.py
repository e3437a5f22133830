"""The node's Lambda function."""

from functions.nodes.apps.microsoft.nodes.teams.options import LOADERS
from functions.nodes.apps.microsoft.nodes.teams.run import run
from functions.nodes.apps.microsoft.nodes.teams.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
