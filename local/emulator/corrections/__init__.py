"""Every correction, in the order they are applied."""

from local.emulator.corrections import lambda_logs as lambda_logs
from local.emulator.corrections import lambda_workers as lambda_workers
from local.emulator.corrections import states_engine as states_engine
