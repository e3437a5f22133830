"""Postgres on AWS: Aurora Serverless v2 behind RDS Proxy, with one secret for the owner and one for the functions."""

import json

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.constructs.network import Network
from stacks.settings import Settings, Sizes

DATABASE = "stepweave"
OWNER = "stepweave_owner"
APP_ROLE = "stepweave_app"
"""As `stepweave_data.migrate` makes it: owns nothing, cannot bypass row-level security."""
PORT = 5432


class Database(Construct):
    """The cluster, its proxy and its two secrets. `host` is what functions connect to."""

    def __init__(self, scope: Construct, id: str, settings: Settings, network: Network) -> None:
        super().__init__(scope, id)
        sizes = settings.on_aws
        owner = rds.DatabaseSecret(self, "Owner", username=OWNER, secret_name=f"{settings.prefix}/database/owner")
        self.cluster = self._cluster(settings, sizes, network, owner)
        self.owner_secret = self.cluster.secret or owner
        self.app_secret = secretsmanager.Secret(
            self,
            "App",
            secret_name=f"{settings.prefix}/database/app",
            description="What the control plane's functions log in to Postgres with",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps(
                    {"username": APP_ROLE, "dbname": DATABASE, "port": PORT, "engine": "postgres"}
                ),
                generate_string_key="password",
                exclude_punctuation=True,
                password_length=32,
            ),
        )
        proxy = rds.DatabaseProxy(
            self,
            "Proxy",
            db_proxy_name=settings.prefix,
            proxy_target=rds.ProxyTarget.from_cluster(self.cluster),
            secrets=[self.app_secret, self.owner_secret],
            vpc=network.vpc,
            vpc_subnets=network.data_subnets,
            security_groups=[network.proxy_group],
            require_tls=True,
            idle_client_timeout=Duration.minutes(10),
        )
        self.host = proxy.endpoint
        network.proxy_group.add_ingress_rule(network.functions_group, ec2.Port.tcp(PORT), "functions")

    def _cluster(
        self, settings: Settings, sizes: Sizes, network: Network, owner: rds.DatabaseSecret
    ) -> rds.DatabaseCluster:
        return rds.DatabaseCluster(
            self,
            "Cluster",
            cluster_identifier=settings.prefix,
            engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_4),
            credentials=rds.Credentials.from_secret(owner),
            default_database_name=DATABASE,
            writer=rds.ClusterInstance.serverless_v2("writer"),
            readers=[
                rds.ClusterInstance.serverless_v2(f"reader{number}", scale_with_writer=True)
                for number in range(sizes.database_readers)
            ],
            serverless_v2_min_capacity=sizes.database_least,
            serverless_v2_max_capacity=sizes.database_most,
            vpc=network.vpc,
            vpc_subnets=network.data_subnets,
            security_groups=[network.database_group],
            storage_encrypted=True,
            iam_authentication=True,
            backup=rds.BackupProps(retention=Duration.days(sizes.backup_days)),
            deletion_protection=sizes.keep_data,
            removal_policy=RemovalPolicy.SNAPSHOT if sizes.keep_data else RemovalPolicy.DESTROY,
            cloudwatch_logs_exports=["postgresql"],
        )
