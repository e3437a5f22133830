"""The node's Lambda function."""

from functions.nodes.databases.database.options import LOADERS, try_out
from functions.nodes.databases.database.run import run
from functions.nodes.databases.database.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS), "test": try_out})
