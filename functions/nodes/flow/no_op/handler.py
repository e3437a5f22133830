"""The node's Lambda function."""

from functions.nodes.flow.no_op.run import run
from functions.nodes.flow.no_op.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
