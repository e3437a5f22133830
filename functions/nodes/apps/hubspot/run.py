"""Does one of HubSpot's operations for each item."""

from functions.nodes.apps.hubspot.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
