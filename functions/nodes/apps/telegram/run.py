"""Does one of Telegram's operations for each item."""

from functions.nodes.apps.telegram.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
