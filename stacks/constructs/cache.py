"""Valkey on AWS, for live connections, snapshots and answers. Losing it loses no history."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from stacks.constructs.network import Network
from stacks.settings import Settings

PORT = 6390
"""Not Redis's well-known 6379."""


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
        )
        network.cache_group.add_ingress_rule(network.functions_group, ec2.Port.tcp(PORT), "functions")
        self.url = f"rediss://{group.attr_primary_end_point_address}:{PORT}/0"
