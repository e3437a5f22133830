"""The node's Lambda function."""

from functions.nodes.data.compare_datasets.run import run
from functions.nodes.data.compare_datasets.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
