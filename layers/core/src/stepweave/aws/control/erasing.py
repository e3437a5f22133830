"""What of a workspace AWS keeps, taken away: objects below a prefix, state machines, schedules. All may be repeated."""

from typing import Final

from stepweave.aws.control.clients import aws_errors, client

AT_ONCE: Final = 1000
"""DeleteObjects takes as many."""


def delete_objects(bucket: str, prefix: str) -> int:
    """Delete at most a thousand objects below a prefix, which ends with `/`; return how many. Raises AwsError."""
    if not prefix.endswith("/") or len(prefix) < 2:
        raise ValueError(f"{prefix!r} is no prefix of one workspace")
    with aws_errors():
        s3 = client("s3")
        found = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=AT_ONCE).get("Contents", [])
        if found:
            keys = [{"Key": one["Key"]} for one in found]
            s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
        return len(found)


def delete_machine(arn: str) -> None:
    """Delete a state machine with its versions and aliases; one that is gone is fine. Raises AwsError.

    What runs on it ends with its next step.
    """
    with aws_errors():
        client("stepfunctions").delete_state_machine(stateMachineArn=arn)


def delete_version(arn: str) -> None:
    """Delete a version of a state machine; one that is gone is fine. What runs goes on.

    Raises:
        AwsError: `ConflictException` where an alias leads to it.
    """
    with aws_errors():
        client("stepfunctions").delete_state_machine_version(stateMachineVersionArn=arn)


def delete_alias(arn: str) -> None:
    """Delete an alias; one that is gone is fine. Raises AwsError."""
    with aws_errors():
        states = client("stepfunctions")
        try:
            states.delete_state_machine_alias(stateMachineAliasArn=arn)
        except (states.exceptions.ResourceNotFound, states.exceptions.StateMachineDoesNotExist):
            return


def delete_schedule(group: str, name: str) -> None:
    """Delete a schedule; one that is gone is fine. Raises AwsError."""
    with aws_errors():
        scheduler = client("scheduler")
        try:
            scheduler.delete_schedule(Name=name, GroupName=group)
        except scheduler.exceptions.ResourceNotFoundException:
            return
