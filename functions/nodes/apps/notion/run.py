"""Does one of Notion's operations for each item."""

from functions.nodes.apps.notion.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
