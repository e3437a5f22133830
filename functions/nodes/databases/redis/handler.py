"""The node's Lambda function."""

from functions.nodes.databases.redis.run import run
from functions.nodes.databases.redis.spec import SPEC
from functions.nodes.databases.redis.trying import try_out
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run, {"test": try_out})
