"""Does one of Google Calendar's operations for each item."""

from functions.nodes.apps.google.nodes.calendar.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
