"""The node's Lambda function."""

from functions.nodes.ai.agent.options import LOADERS
from functions.nodes.ai.agent.run import run
from functions.nodes.ai.agent.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
