"""The node's Lambda function."""

from functions.nodes.data.numbers.run import run
from functions.nodes.data.numbers.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
