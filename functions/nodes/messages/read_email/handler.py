"""The node's Lambda function."""

from functions.nodes.messages.read_email.options import LOADERS
from functions.nodes.messages.read_email.run import run
from functions.nodes.messages.read_email.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
