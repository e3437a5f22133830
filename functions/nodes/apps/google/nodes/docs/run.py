"""Does one of Google Docs' operations for each item."""

from functions.nodes.apps.google.nodes.docs.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
