"""The node's Lambda function."""

from functions.nodes.data.table.options import LOADERS
from functions.nodes.data.table.run import run
from functions.nodes.data.table.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
