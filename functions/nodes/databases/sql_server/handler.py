"""The node's Lambda function."""

from functions.nodes.databases.sql_server.options import LOADERS, try_out
from functions.nodes.databases.sql_server.run import run
from functions.nodes.databases.sql_server.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS), "test": try_out})
