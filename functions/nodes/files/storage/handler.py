"""The node's Lambda function."""

from functions.nodes.files.storage.run import run
from functions.nodes.files.storage.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
