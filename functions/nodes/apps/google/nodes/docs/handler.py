"""The node's Lambda function."""

from functions.nodes.apps.google.nodes.docs.options import LOADERS
from functions.nodes.apps.google.nodes.docs.run import run
from functions.nodes.apps.google.nodes.docs.spec import SPEC
from stepweave.runtime import lambda_node
from stepweave.runtime.options import options

handler = lambda_node(SPEC, run, {"options": options(LOADERS)})
