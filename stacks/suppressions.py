"""What cdk-nag (AwsSolutions) finds and we accept, each with its reason. Tests refuse a finding without an entry here,
and an entry without a finding.

A finding's id names the rule and, for wildcards, the very text: accepting one wildcard accepts no other.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import aws_cdk as cdk

from stacks.nodes import SHELVES
from stacks.settings import Settings

_ACCOUNT = "us-east-1:<AWS::AccountId>"
_LIVE_API = "ExportsOutputRefWebGatewaysLive8B55214F7B7356E7"
"""CDK's name for the WebSocket API's id, as one stack hands it to another."""
_ASSETS = "arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-us-east-1/*"
_BASIC_ROLE = "arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_PYTHON = (
    "AwsSolutions-L1",
    "Python 3.13 is what the layers are built and tested for; it moves by a change in stacks/bundling/target.py.",
)


@dataclass(frozen=True, slots=True)
class Suppression:
    """An accepted finding: in which stack, which, and why."""

    stack: str
    id: str
    reason: str


def suppressions(settings: Settings) -> list[Suppression]:
    """Return all accepted findings of an AWS environment."""
    found = {
        "data": _data(settings),
        **{f"nodes-{number}": _nodes() for number in range(SHELVES)},
        "web": _web(),
        "control": _control(settings.prefix),
    }
    return [Suppression(stack, id, reason) for stack, entries in found.items() for id, reason in entries.items()]


def acknowledge(stacks: Mapping[str, cdk.Stack], settings: Settings) -> None:
    """Tell cdk-nag what is accepted, stack by stack."""
    for entry in suppressions(settings):
        accepted = cdk.Acknowledgment(id=entry.id, reason=entry.reason)
        cdk.Validations.of(stacks[entry.stack]).acknowledge(accepted)


def _data(settings: Settings) -> dict[str, str]:
    sizes = settings.on_aws
    always = {
        "AwsSolutions-AEC6": (
            "AuthToken is for servers without users: here the functions log in as the one user there is, by a password "
            "of Secrets Manager."
        ),
        "AwsSolutions-SMG4": (
            "Rotation is a step of the runbook (docs/guides/deploy.md): the application role's password changes with a "
            "migration, and a new signing key ends all sessions, which is for people to decide."
        ),
    }
    small = {
        "AwsSolutions-AEC4": "One cache node on dev: losing it loses live connections, no history.",
    }
    deletable = {"AwsSolutions-RDS10": "A dev database is made to be deleted."}
    return always | (small if sizes.cache_nodes == 1 else {}) | ({} if sizes.keep_data else deletable)


def _nodes() -> dict[str, str]:
    return dict([_PYTHON])


def _web() -> dict[str, str]:
    handler = "The handler of aws-s3-deployment, AWS's own, which copies the web app's files at deployment; its rights "
    handler += "are on the assets bucket and the web app's bucket."
    files = "<WebFrontFilesC49DE506.Arn>/*"
    actions = ("s3:Abort*", "s3:DeleteObject*", "s3:GetBucket*", "s3:GetObject*", "s3:List*")
    return {
        "AwsSolutions-L1": handler + " CDK chooses its runtime.",
        f"AwsSolutions-IAM4[Policy::{_BASIC_ROLE}]": handler,
        **{f"AwsSolutions-IAM5[Action::{action}]": handler for action in actions},
        **{f"AwsSolutions-IAM5[Resource::{resource}]": handler for resource in ("*", files, _ASSETS)},
        "AwsSolutions-APIG1": (
            "Access logs of a WebSocket API need an account-wide role; CloudFront logs each handshake, and "
            "the HTTP API has its own access log."
        ),
        "AwsSolutions-CFR1": "The product is for people everywhere.",
        "AwsSolutions-CFR4": (
            "CloudFront's own domain name fixes the TLS policy; with the context `domain` it is TLSv1.2_2021."
        ),
    }


def _control(prefix: str) -> dict[str, str]:
    ours = f"arn:<AWS::Partition>:{{}}:{_ACCOUNT}:"
    workflows = "Publishing makes state machines, executions and schedules at run time, named with our prefix."
    return {
        **dict([_PYTHON, _items(prefix)]),
        "AwsSolutions-APIG4": (
            "A WebSocket is authorised on $connect, the only place there is; routes of the HTTP API have an authorizer."
        ),
        "AwsSolutions-IAM5[Resource::*]": (
            "EC2 has no ARN for the network interfaces that Lambda is to make, and listing state machines (the API's "
            "readiness check) takes none."
        ),
        f"AwsSolutions-IAM5[Resource::{ours.format('lambda')}function:{prefix}-node-*]": (
            "A compiled workflow may use any node type; nothing but node functions has this prefix."
        ),
        f"AwsSolutions-IAM5[Resource::{ours.format('states')}stateMachine:{prefix}-*]": workflows,
        f"AwsSolutions-IAM5[Resource::{ours.format('states')}execution:{prefix}-*]": workflows,
        f"AwsSolutions-IAM5[Resource::{ours.format('scheduler')}schedule/{prefix}/*]": workflows,
        f"AwsSolutions-IAM5[Resource::{ours.format('execute-api')}{prefix}-web:{_LIVE_API}/live/*/@connections/*]": (
            "Connections get their ids when browsers connect."
        ),
    }


def _items(prefix: str) -> tuple[str, str]:
    return (
        f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::{prefix}-data-<AWS::AccountId>/*]",
        "Keys begin with the tenant and the execution, which come at run time; the bucket holds nothing else.",
    )
