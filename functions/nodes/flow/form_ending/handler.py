"""The node's Lambda function."""

from functions.nodes.flow.form_ending.run import run
from functions.nodes.flow.form_ending.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
