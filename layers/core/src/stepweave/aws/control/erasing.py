"""What of a workspace AWS keeps, taken away: objects below a prefix, state machines, schedules. All may be repeated."""

from collections.abc import Collection
from datetime import datetime
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


def delete_stored(bucket: str, prefix: str, spared: Collection[str] = (), before: datetime | None = None) -> int:
    """Delete all objects below a prefix, which ends with `/`, but those named, and those stored since a moment.

    Returns:
        How many stay.

    Raises:
        AwsError: some are there yet.
    """
    if not prefix.endswith("/") or prefix.count("/") < 2:
        raise ValueError(f"{prefix!r} is no prefix of something of one workspace")
    kept, after = 0, ""
    with aws_errors():
        s3 = client("s3")
        while True:
            found = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=AT_ONCE, StartAfter=after)
            page = found.get("Contents", [])
            gone = [
                one["Key"]
                for one in page
                if one["Key"] not in spared and not (before and one["LastModified"] >= before)
            ]
            if gone:
                s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in gone], "Quiet": True})
            kept += len(page) - len(gone)
            if not page or not found.get("IsTruncated"):
                return kept
            after = page[-1]["Key"]


def folders(bucket: str, prefix: str, after: str, most: int = AT_ONCE) -> list[str]:
    """Return the next names below a prefix (it ends with `/`) up to a `/`, in order, behind one. Raises AwsError."""
    with aws_errors():
        behind = {"StartAfter": f"{prefix}{after}0"} if after else {}  # 0 comes next to /
        found = client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix, Delimiter="/", MaxKeys=most, **behind)
        return [one["Prefix"].removeprefix(prefix).removesuffix("/") for one in found.get("CommonPrefixes", [])]


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
