"""The node's Lambda function."""

from functions.nodes.apps.google_calendar.run import run
from functions.nodes.apps.google_calendar.spec import SPEC
from stepweave.runtime import lambda_node

handler = lambda_node(SPEC, run)
