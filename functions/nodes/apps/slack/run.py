"""Does one of Slack's operations for each item."""

from functions.nodes.apps.slack.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
