"""The node's Lambda function."""

from functions.nodes.data.date_time.run import run
from functions.nodes.data.date_time.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
