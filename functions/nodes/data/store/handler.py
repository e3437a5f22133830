"""The node's Lambda function."""

from functions.nodes.data.store.options import LOADERS
from functions.nodes.data.store.run import run
from functions.nodes.data.store.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
