"""The node's Lambda function."""

from functions.nodes.apps.hubspot.run import run
from functions.nodes.apps.hubspot.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
