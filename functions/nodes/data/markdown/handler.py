"""The node's Lambda function."""

from functions.nodes.data.markdown.run import run
from functions.nodes.data.markdown.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
