"""Does one of GitHub's operations for each item."""

from functions.nodes.apps.github.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
