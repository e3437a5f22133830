"""The node's Lambda function."""

from functions.nodes.network.graphql.run import run
from functions.nodes.network.graphql.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
