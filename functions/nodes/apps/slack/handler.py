"""The node's Lambda function."""

from functions.nodes.apps.slack.run import run
from functions.nodes.apps.slack.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
