"""The node's Lambda function."""

from functions.nodes.apps.discord.run import run
from functions.nodes.apps.discord.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
