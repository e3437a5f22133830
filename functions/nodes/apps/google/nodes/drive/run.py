"""Does one of Google Drive's operations for each item."""

from functions.nodes.apps.google.nodes.drive.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
