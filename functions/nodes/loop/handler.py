"""The node's Lambda function."""

from functions.nodes.loop.run import run
from functions.nodes.loop.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
