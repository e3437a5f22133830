"""The node's Lambda function."""

from functions.nodes.flow.throttle.run import run
from functions.nodes.flow.throttle.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
