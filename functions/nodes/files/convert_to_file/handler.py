"""The node's Lambda function."""

from functions.nodes.files.convert_to_file.run import run
from functions.nodes.files.convert_to_file.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
