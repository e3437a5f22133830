"""The node's Lambda function."""

from functions.nodes.files.file_server.run import run
from functions.nodes.files.file_server.spec import SPEC
from functions.nodes.files.file_server.trying import try_out
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run, {"test": try_out})
