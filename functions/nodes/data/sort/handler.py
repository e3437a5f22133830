"""The node's Lambda function."""

from functions.nodes.data.sort.run import run
from functions.nodes.data.sort.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
