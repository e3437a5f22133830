"""The node's Lambda function."""

from functions.nodes.ai.summarize_texts.options import LOADERS
from functions.nodes.ai.summarize_texts.run import run
from functions.nodes.ai.summarize_texts.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
