"""The node's Lambda function."""

from functions.nodes.data.rename_keys.run import run
from functions.nodes.data.rename_keys.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
