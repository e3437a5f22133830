"""Does one of Excel's operations for each item."""

from functions.nodes.apps.microsoft.nodes.excel.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
