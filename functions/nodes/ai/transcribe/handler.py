"""The node's Lambda function."""

from functions.nodes.ai.transcribe.options import LOADERS
from functions.nodes.ai.transcribe.run import run
from functions.nodes.ai.transcribe.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
