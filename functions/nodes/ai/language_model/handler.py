"""The node's Lambda function."""

from functions.nodes.ai.language_model.options import LOADERS
from functions.nodes.ai.language_model.run import run
from functions.nodes.ai.language_model.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options
from stepweave_ai.trying import try_out

handler = lambda_node(SPEC, run, {"options": options(LOADERS), "test": try_out})
