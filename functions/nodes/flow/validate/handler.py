"""The node's Lambda function."""

from functions.nodes.flow.validate.run import run
from functions.nodes.flow.validate.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
