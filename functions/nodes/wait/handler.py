"""The node's Lambda function."""

from functions.nodes.wait.run import run
from functions.nodes.wait.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
