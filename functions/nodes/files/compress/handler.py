"""The node's Lambda function."""

from functions.nodes.files.compress.run import run
from functions.nodes.files.compress.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
