"""The node's Lambda function."""

from functions.nodes.network.rss_read.run import run
from functions.nodes.network.rss_read.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
