"""What a request to start an execution asks for: the machine and its definition, a name, an input."""

import json
import random
import re

from ministack.services import stepfunctions

from local.emulator.states.answers import Refused
from local.emulator.states.scopes import PAYLOAD_LIMIT, Json
from local.emulator.wire import size

NAME = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}")


def resolve(arn: str) -> tuple[Json, str | None, str | None, Json]:
    """The machine behind an ARN, the version and alias it names, and where the definition comes from.

    An alias picks one of its versions by weight, anew for each execution.
    """
    machine = stepfunctions._state_machines.get(arn)
    if machine is not None:
        return machine, None, None, machine
    alias = stepfunctions._state_machine_aliases.get(arn)
    version_arn, alias_arn = arn, None
    if alias is not None:
        routes = alias["routingConfiguration"]
        chosen = random.choices(routes, [route.get("weight", 0) for route in routes])[0]  # noqa: S311 - not a secret
        version_arn, alias_arn = chosen["stateMachineVersionArn"], arn
    version = stepfunctions._state_machine_versions.get(version_arn)
    machine = stepfunctions._state_machines.get(version_arn.rpartition(":")[0]) if version else None
    if version is None or machine is None:
        raise Refused("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
    return machine, version_arn, alias_arn, version


def check_input(text: str) -> None:
    """An input must be JSON of at most 256 KiB."""
    if size(text) > PAYLOAD_LIMIT:
        raise Refused(
            "InvalidExecutionInput", f"Invalid State Machine Execution Input: it exceeds {PAYLOAD_LIMIT} bytes"
        )
    try:
        json.loads(text)
    except ValueError as error:
        raise Refused("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from error
