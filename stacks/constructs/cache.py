"""Valkey on AWS, for live connections, snapshots and answers. Losing it loses no history."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.constructs.network import Network
from stacks.settings import Settings

PORT = 6390
"""Not Redis's well-known 6379."""
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
        )
        network.cache_group.add_ingress_rule(network.functions_group, ec2.Port.tcp(PORT), "functions")
        # Without a user: who logs in stands in the secret, which the functions read.
        self.url = f"rediss://{group.attr_primary_end_point_address}:{PORT}/0"

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
