"""Valkey on AWS, for live connections, snapshots and answers. Losing it loses no history.

It pushes nothing out to make room (`noeviction`, ADR 75): what is bounded is bounded where it is written.
"""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.constructs.network import Network
from stacks.settings import Settings

PORT = 6390
"""Not Redis's well-known 6379."""
FILLING_PERCENT = 75
USER = "functions"
"""As `stepweave_data.redis_link` logs in."""
RIGHTS = "on ~* &* +@all -@admin -@dangerous"
"""As on one machine (`local.stack.redis`): keys are read and written; nobody empties, stops or sets up the server."""


class Cache(Construct):
    """One shard without cluster mode (a subscription touches keys of several slots), encrypted in both ways."""

    def __init__(self, scope: Construct, id: str, settings: Settings, network: Network) -> None:
        super().__init__(scope, id)
        sizes = settings.on_aws
        subnets = elasticache.CfnSubnetGroup(
            self,
            "Subnets",
            description="Where Valkey runs",
            subnet_ids=network.vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED).subnet_ids,
        )
        group = elasticache.CfnReplicationGroup(
            self,
            "Valkey",
            replication_group_description="Live connections, snapshots and answers",
            engine="valkey",
            engine_version="8.0",
            cache_node_type=sizes.cache_type,
            num_cache_clusters=sizes.cache_nodes,
            automatic_failover_enabled=sizes.cache_nodes > 1,
            multi_az_enabled=sizes.cache_nodes > 1,
            at_rest_encryption_enabled=True,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            port=PORT,
            cache_subnet_group_name=subnets.ref,
            security_group_ids=[network.cache_group.security_group_id],
            user_group_ids=[self._users(settings)],
            cache_parameter_group_name=self._parameters().ref,
        )
        network.cache_group.add_ingress_rule(network.functions_group, ec2.Port.tcp(PORT), "functions")
        self._watch(settings, group)
        # Without a user: who logs in stands in the secret, which the functions read.
        self.url = f"rediss://{group.attr_primary_end_point_address}:{PORT}/0"

    def _parameters(self) -> elasticache.CfnParameterGroup:
        """Make the server's settings. AWS's own would push keys out that have an end, which all of ours have."""
        return elasticache.CfnParameterGroup(
            self,
            "Parameters",
            cache_parameter_group_family="valkey8",
            description="Nothing is pushed out to make room",
            properties={"maxmemory-policy": "noeviction"},
        )

    def _watch(self, settings: Settings, group: elasticache.CfnReplicationGroup) -> None:
        """Tell while there is still room: full, nobody can log in."""
        alarm = cloudwatch.Metric(
            namespace="AWS/ElastiCache",
            metric_name="DatabaseMemoryUsagePercentage",
            dimensions_map={"CacheClusterId": f"{group.ref}-001"},
            statistic=cloudwatch.Stats.MAXIMUM,
            period=Duration.minutes(5),
        ).create_alarm(
            self,
            "Filling",
            alarm_name=f"{settings.prefix}-redis-filling",
            alarm_description="Valkey fills: when it is full nobody can log in (ADR 75). Give it a larger node.",
            threshold=FILLING_PERCENT,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        if settings.alarm_topic:
            topic = sns.Topic.from_topic_arn(self, "Topic", settings.alarm_topic)
            alarm.add_alarm_action(actions.SnsAction(topic))

    def _users(self, settings: Settings) -> str:
        """Make the one user. A group of users for Valkey needs no `default`: nobody gets in without a password."""
        self.secret = secretsmanager.Secret(
            self,
            "Functions",
            secret_name=f"{settings.prefix}/redis",
            description="What the platform's functions log in to Valkey with",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
        )
        user = elasticache.CfnUser(
            self,
            "User",
            engine="valkey",
            user_id=f"{settings.prefix}-{USER}",
            user_name=USER,
            access_string=RIGHTS,
            passwords=[self.secret.secret_value.unsafe_unwrap()],  # a dynamic reference: no template has it
        )
        users = elasticache.CfnUserGroup(
            self, "Users", engine="valkey", user_group_id=f"{settings.prefix}-users", user_ids=[user.user_id]
        )
        users.add_dependency(user)
        return users.ref
