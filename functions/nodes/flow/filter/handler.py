"""The node's Lambda function."""

from functions.nodes.flow.filter.run import run
from functions.nodes.flow.filter.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
