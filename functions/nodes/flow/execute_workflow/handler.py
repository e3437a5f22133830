"""The node's Lambda function."""

from functions.nodes.flow.execute_workflow.options import LOADERS
from functions.nodes.flow.execute_workflow.run import run
from functions.nodes.flow.execute_workflow.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
