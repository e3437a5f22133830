"""Step Functions for publishing: machines, versions and the alias `live`. Every call can be repeated."""

from dataclasses import dataclass
from typing import Any, Final

from stepweave.aws.control.clients import aws_errors, client

ALIAS: Final = "live"


@dataclass(frozen=True)
class Published:
    """A state-machine version."""

    state_machine_arn: str
    version_arn: str


class StepFunctions:
    """The state machines of one deployment.

    Args:
        role_arn: the role the machines run with.
    """

    def __init__(self, role_arn: str) -> None:
        self._role_arn = role_arn

    def publish(self, name: str, kind: str, definition: str, note: str) -> Published:
        """Make or update the machine and publish a version; the one there is, where it is the same. Raises AwsError."""
        with aws_errors():
            states = client("stepfunctions")
            about = {"definition": definition, "roleArn": self._role_arn, "publish": True, "versionDescription": note}
            arn = self._arn(states, name)
            try:
                # First, though it may not be there: making a machine again that is there may give its first version,
                # which may have been deleted.
                updated = states.update_state_machine(stateMachineArn=arn, **about)
                return Published(arn, updated["stateMachineVersionArn"])
            except states.exceptions.StateMachineDoesNotExist:
                pass
            try:
                made = states.create_state_machine(name=name, type=kind.upper(), **about)
                return Published(made["stateMachineArn"], made["stateMachineVersionArn"])
            except states.exceptions.StateMachineAlreadyExists:  # somebody else made it meanwhile
                updated = states.update_state_machine(stateMachineArn=arn, **about)
                return Published(arn, updated["stateMachineVersionArn"])

    def point(self, state_machine_arn: str, version_arn: str) -> str:
        """Point the alias `live` at a version and return the alias's ARN. Raises AwsError."""
        with aws_errors():
            states = client("stepfunctions")
            routing = [{"stateMachineVersionArn": version_arn, "weight": 100}]
            arn = f"{state_machine_arn}:{ALIAS}"
            try:
                states.update_state_machine_alias(stateMachineAliasArn=arn, routingConfiguration=routing)
            except states.exceptions.ResourceNotFound:
                states.create_state_machine_alias(name=ALIAS, routingConfiguration=routing)
            return arn

    def stop(self, execution_arn: str) -> None:
        """Abort an execution; one that has ended stays as it is. Raises AwsError."""
        with aws_errors():
            client("stepfunctions").stop_execution(
                executionArn=execution_arn, error="Cancelled", cause="Cancelled by a person."
            )

    def check(self) -> None:
        """Raise AwsError when Step Functions does not answer."""
        with aws_errors():
            client("stepfunctions").list_state_machines(maxResults=1)

    def _arn(self, states: Any, name: str) -> str:
        """Return the ARN of a machine by name: its role's account and the client's region say the rest."""
        partition, account = self._role_arn.split(":")[1], self._role_arn.split(":")[4]
        return f"arn:{partition}:states:{states.meta.region_name}:{account}:stateMachine:{name}"
