"""The node's Lambda function."""

from functions.nodes.flow.limit.run import run
from functions.nodes.flow.limit.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
