"""Does one of Google Sheets' operations for each item, or for several at once."""

from functions.nodes.apps.google.nodes.sheets.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
