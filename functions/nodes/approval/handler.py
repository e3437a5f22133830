"""The node's Lambda function."""

from functions.nodes.approval.run import run
from functions.nodes.approval.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
