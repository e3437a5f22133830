"""The node's Lambda function."""

from functions.nodes.apps.telegram.nodes.ask.run import run
from functions.nodes.apps.telegram.nodes.ask.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
