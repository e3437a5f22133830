"""The node's Lambda function."""

from functions.nodes.switch.run import run
from functions.nodes.switch.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
