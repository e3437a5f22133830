"""The node's Lambda function."""

from functions.nodes.code.python_code.run import run
from functions.nodes.code.python_code.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
