"""The node's Lambda function."""

from functions.nodes.messages.email_and_wait.run import run
from functions.nodes.messages.email_and_wait.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
