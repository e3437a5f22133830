"""Does one of Airtable's operations for each item."""

from functions.nodes.apps.airtable.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
