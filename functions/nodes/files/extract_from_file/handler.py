"""The node's Lambda function."""

from functions.nodes.files.extract_from_file.run import run
from functions.nodes.files.extract_from_file.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
