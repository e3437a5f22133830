"""The roles that compiled state machines and schedules run with. The API hands them over; it cannot widen them."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.constructs.buckets import bucket_items, items_role
from stacks.constructs.functions import arn
from stacks.settings import Settings


class WorkflowRoles(Construct):
    """`machine` may invoke node functions and the debugger, and run our machines; `schedule` may call the starter."""

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
                actions=["lambda:InvokeFunction"],
                resources=[
                    arn(self, "lambda", f"function:{prefix}-node-*"),
                    arn(self, "lambda", f"function:{prefix}-debugger"),
                ],
            )
        )
        self._let_run_machines(settings)
        self.schedule = iam.Role(
            self,
            "Schedule",
            description="Schedules of workflows",
            assumed_by=_only_from_us(
                self, "scheduler.amazonaws.com", arn(self, "scheduler", f"schedule-group/{prefix}")
            ),
        )
        self.schedule.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[starter_arn]))

    def _let_run_machines(self, settings: Settings) -> None:
        """Allow nested machines and Distributed Maps.

        As in the Step Functions developer guide: "IAM policies for calling nested workflows" (`.sync:2` listens to a
        rule that Step Functions manages) and "IAM policies for using Distributed Map".
        """
        rule = "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
        for actions, resource in (
            (["states:StartExecution"], arn(self, "states", f"stateMachine:{settings.prefix}-*")),
            (
                ["states:DescribeExecution", "states:StopExecution"],
                arn(self, "states", f"execution:{settings.prefix}-*"),
            ),
            (["events:PutTargets", "events:PutRule", "events:DescribeRule"], arn(self, "events", rule)),
            (["s3:GetObject", "s3:PutObject"], bucket_items(self, settings)),
        ):
            self.machine.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))


class ItemsRole(Construct):
    """Reads and writes all executions' data. `lender` alone takes it on, each time with a policy for one execution."""

    def __init__(self, scope: Construct, id: str, settings: Settings, lender: iam.IRole) -> None:
        super().__init__(scope, id)
        self.role = iam.Role(
            self,
            "Role",
            role_name=items_role(self, settings).rsplit("/", 1)[1],
            description="Executions' data, lent to node functions one execution at a time",
            assumed_by=iam.ArnPrincipal(lender.role_arn),
        )
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
                resources=[bucket_items(self, settings)],
            )
        )


def _only_from_us(scope: Construct, service: str, source: str) -> iam.PrincipalBase:
    """Return a service as it acts for `source` in this account: no other account's machine can borrow the role."""
    return iam.ServicePrincipal(
        service,
        conditions={
            "StringEquals": {"aws:SourceAccount": Stack.of(scope).account},
            "ArnLike": {"aws:SourceArn": source},
        },
    )
