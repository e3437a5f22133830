"""The node's Lambda function."""

from functions.nodes.network.http_request.run import run
from functions.nodes.network.http_request.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
