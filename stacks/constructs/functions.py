"""A Lambda function of ours: its own role, its own log group, nothing that it was not given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.bundling.bundler import Bundle
from stacks.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a VPC a function runs."""

    vpc: ec2.IVpc
    subnets: ec2.SubnetSelection
    security_group: ec2.ISecurityGroup


@dataclass(frozen=True, slots=True)
class FunctionPlan:
    """What a function is, before it is made. `name` comes without the deployment's prefix."""

    name: str
    description: str
    handler: str
    code: Bundle
    layers: Sequence[lambda_.ILayerVersion]
    timeout_seconds: int
    memory_mb: int
    environment: Mapping[str, str] = field(default_factory=dict)
    reserved: int | None = None
    """How many of it run at once: as many always may, and no more. None: of what nobody has reserved."""


class PythonFunction(Construct):
    """One Lambda function with a role and a log group of its own."""

    def __init__(
        self, scope: Construct, id: str, plan: FunctionPlan, settings: Settings, place: Place | None = None
    ) -> None:
        super().__init__(scope, id)
        name = f"{settings.prefix}-{plan.name}"
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{name}",
            retention=retention(settings),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.role = iam.Role(
            self,
            "Role",
            description=f"What the function {name} may do",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        self.log_group.grant_write(self.role)
        if place:
            self._allow_network()
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            description=plan.description,
            handler=plan.handler,
            code=lambda_.Code.from_asset(str(plan.code.path), asset_hash=plan.code.key),
            runtime=lambda_.Runtime(f"python{settings.target.python}", lambda_.RuntimeFamily.PYTHON),
            architecture=lambda_.Architecture.ARM_64
            if settings.target.architecture == "arm64"
            else lambda_.Architecture.X86_64,
            role=self.role,
            log_group=self.log_group,
            layers=list(plan.layers),
            timeout=Duration.seconds(plan.timeout_seconds),
            memory_size=plan.memory_mb,
            reserved_concurrent_executions=plan.reserved,
            environment=dict(sorted(plan.environment.items())),
            vpc=place.vpc if place else None,
            vpc_subnets=place.subnets if place else None,
            security_groups=[place.security_group] if place else None,
        )

    def allow(self, actions: Sequence[str], *resources: str) -> None:
        """Let the function do `actions` on `resources` (ARNs)."""
        self.role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=list(resources)))

    def allow_passing(self, role: iam.IRole, service: str) -> None:
        """Let the function hand `role` to `service`, and to no other."""
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": service}},
            )
        )

    def _allow_network(self) -> None:
        # Lambda makes the function's network interfaces with its role; EC2 has no ARN for those to come.
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=[
                    "ec2:AssignPrivateIpAddresses",
                    "ec2:CreateNetworkInterface",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSubnets",
                    "ec2:UnassignPrivateIpAddresses",
                ],
                resources=["*"],
            )
        )


def retention(settings: Settings) -> logs.RetentionDays:
    """Return how long logs stay."""
    return {
        1: logs.RetentionDays.ONE_DAY,
        14: logs.RetentionDays.TWO_WEEKS,
        365: logs.RetentionDays.ONE_YEAR,
    }[settings.log_days]


def arn(scope: Construct, service: str, resource: str) -> str:
    """Return the ARN of a resource of this account and region: `lambda`, `function:stepweave-dev-vault`."""
    stack = Stack.of(scope)
    return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"
