"""The node's Lambda function."""

from functions.nodes.databases.sqlite.run import run
from functions.nodes.databases.sqlite.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
