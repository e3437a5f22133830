"""The node's Lambda function."""

from functions.nodes.apps.google.nodes.gmail.run import run
from functions.nodes.apps.google.nodes.gmail.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
