"""The node's Lambda function."""

from functions.nodes.merge.run import run
from functions.nodes.merge.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
