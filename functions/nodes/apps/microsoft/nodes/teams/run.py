"""Does one of Teams' operations for each item."""

from functions.nodes.apps.microsoft.nodes.teams.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
