"""The node's Lambda function."""

from functions.nodes.flow.stop_and_error.run import run
from functions.nodes.flow.stop_and_error.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
