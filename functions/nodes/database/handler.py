"""The node's Lambda function."""

from functions.nodes.database.run import run
from functions.nodes.database.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
