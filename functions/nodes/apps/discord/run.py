"""Does one of Discord's operations for each item."""

from functions.nodes.apps.discord.spec import APP
from stepweave.runtime.http.operations import run_operations

run = run_operations(APP)
