"""The node's Lambda function."""

from functions.nodes.flow.try_.run import run
from functions.nodes.flow.try_.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
