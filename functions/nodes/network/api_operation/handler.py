"""The node's Lambda function."""

from functions.nodes.network.api_operation.run import run
from functions.nodes.network.api_operation.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
