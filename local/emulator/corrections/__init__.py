"""Every correction, in the order they are applied."""

from local.emulator.corrections import cloudformation as cloudformation
from local.emulator.corrections import events as events
from local.emulator.corrections import http_api as http_api
from local.emulator.corrections import lambda_layers as lambda_layers
from local.emulator.corrections import lambda_logs as lambda_logs
from local.emulator.corrections import lambda_workers as lambda_workers
from local.emulator.corrections import s3_objects as s3_objects
from local.emulator.corrections import scheduler as scheduler
from local.emulator.corrections import sqs_event_source as sqs_event_source
from local.emulator.corrections import states_engine as states_engine
from local.emulator.corrections import states_validation as states_validation
from local.emulator.corrections import states_versions as states_versions
