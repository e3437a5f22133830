"""The node's Lambda function."""

from functions.nodes.data.crypto.run import run
from functions.nodes.data.crypto.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
