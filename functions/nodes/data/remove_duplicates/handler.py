"""The node's Lambda function."""

from functions.nodes.data.remove_duplicates.run import run
from functions.nodes.data.remove_duplicates.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
