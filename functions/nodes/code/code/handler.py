"""The node's Lambda function."""

from functions.nodes.code.code.run import run
from functions.nodes.code.code.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
