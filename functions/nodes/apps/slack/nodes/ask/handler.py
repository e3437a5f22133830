"""The node's Lambda function."""

from functions.nodes.apps.slack.nodes.ask.options import LOADERS
from functions.nodes.apps.slack.nodes.ask.run import run
from functions.nodes.apps.slack.nodes.ask.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
