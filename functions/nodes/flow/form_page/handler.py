"""The node's Lambda function."""

from functions.nodes.flow.form_page.run import run
from functions.nodes.flow.form_page.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
