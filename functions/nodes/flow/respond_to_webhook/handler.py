"""The node's Lambda function."""

from functions.nodes.flow.respond_to_webhook.run import run
from functions.nodes.flow.respond_to_webhook.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
