"""The node's Lambda function."""

from functions.nodes.data.split_out.run import run
from functions.nodes.data.split_out.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
