"""The node's Lambda function."""

from functions.nodes.filter.run import run
from functions.nodes.filter.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
