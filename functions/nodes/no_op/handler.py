"""The node's Lambda function."""

from functions.nodes.no_op.run import run
from functions.nodes.no_op.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
