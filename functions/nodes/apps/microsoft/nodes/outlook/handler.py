"""The node's Lambda function."""

from functions.nodes.apps.microsoft.nodes.outlook.run import run
from functions.nodes.apps.microsoft.nodes.outlook.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
