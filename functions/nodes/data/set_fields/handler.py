"""The node's Lambda function."""

from functions.nodes.data.set_fields.run import run
from functions.nodes.data.set_fields.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
