"""The VPC of what needs Postgres or Redis: the control plane's functions, the database and the cache."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.constructs.functions import Place, retention
from stacks.settings import Settings

_ENDPOINTS = {
    "kms": ec2.InterfaceVpcEndpointAwsService.KMS,
    "secretsmanager": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    "sqs": ec2.InterfaceVpcEndpointAwsService.SQS,
}


class Network(Construct):
    """Subnets for functions (private, NAT) and for data (no way out), and who may talk to whom.

    There is a NAT gateway because `@connections` of a WebSocket API has no VPC endpoint (ADR 4); S3 goes by its free
    gateway endpoint, and on prod what is secret or frequent goes by interface endpoints.
    """

    def __init__(self, scope: Construct, id: str, settings: Settings) -> None:
        super().__init__(scope, id)
        sizes = settings.on_aws
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            vpc_name=settings.prefix,
            max_azs=sizes.zones,
            nat_gateways=sizes.nat_gateways,
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="public", subnet_type=ec2.SubnetType.PUBLIC, map_public_ip_on_launch=False
                ),
                ec2.SubnetConfiguration(name="functions", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
                ec2.SubnetConfiguration(name="data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            ],
            gateway_endpoints={"S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)},
            flow_logs={
                "all": ec2.FlowLogOptions(
                    destination=ec2.FlowLogDestination.to_cloud_watch_logs(
                        logs.LogGroup(self, "FlowLogs", retention=retention(settings))
                    ),
                    traffic_type=ec2.FlowLogTrafficType.REJECT,
                )
            },
        )
        self.functions_group = self._group("Functions", "Control-plane functions", allow_all_outbound=True)
        self.proxy_group = self._group("Proxy", "RDS Proxy", allow_all_outbound=False)
        self.database_group = self._group("Database", "Aurora", allow_all_outbound=False)
        self.cache_group = self._group("Cache", "Valkey", allow_all_outbound=False)
        for name in sizes.private_endpoints:
            self._endpoint(name)
        self.data_subnets = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self.functions = Place(
            self.vpc, ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS), self.functions_group
        )

    def _group(self, id: str, description: str, *, allow_all_outbound: bool) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(self, id, vpc=self.vpc, description=description, allow_all_outbound=allow_all_outbound)

    def _endpoint(self, name: str) -> None:
        group = self._group(f"{name}Endpoint", f"Endpoint of {name}", allow_all_outbound=False)
        group.add_ingress_rule(self.functions_group, ec2.Port.tcp(443), "functions")
        self.vpc.add_interface_endpoint(name, service=_ENDPOINTS[name], security_groups=[group], open=False)
