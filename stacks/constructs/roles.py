"""The roles that compiled state machines and schedules run with. The API hands them over; it cannot widen them."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.constructs.functions import arn
from stacks.settings import Settings


class WorkflowRoles(Construct):
    """`machine` may invoke our node functions, `schedule` the starter: nothing else."""

    def __init__(self, scope: Construct, id: str, settings: Settings, starter_arn: str) -> None:
        super().__init__(scope, id)
        prefix = settings.prefix
        self.machine = iam.Role(
            self,
            "Machine",
            description="Compiled workflows",
            assumed_by=_only_from_us(self, "states.amazonaws.com", arn(self, "states", f"stateMachine:{prefix}-*")),
        )
        self.machine.add_to_policy(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"], resources=[arn(self, "lambda", f"function:{prefix}-node-*")]
            )
        )
        self.schedule = iam.Role(
            self,
            "Schedule",
            description="Schedules of workflows",
            assumed_by=_only_from_us(
                self, "scheduler.amazonaws.com", arn(self, "scheduler", f"schedule-group/{prefix}")
            ),
        )
        self.schedule.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[starter_arn]))


def _only_from_us(scope: Construct, service: str, source: str) -> iam.PrincipalBase:
    """Return a service as it acts for `source` in this account: no other account's machine can borrow the role."""
    return iam.ServicePrincipal(
        service,
        conditions={
            "StringEquals": {"aws:SourceAccount": Stack.of(scope).account},
            "ArnLike": {"aws:SourceArn": source},
        },
    )
