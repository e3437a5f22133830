"""The node's Lambda function."""

from functions.nodes.files.pdf.run import run
from functions.nodes.files.pdf.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
