"""The node's Lambda function."""

from functions.nodes.data.pivot.run import run
from functions.nodes.data.pivot.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
