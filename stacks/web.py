"""The one origin that people see: the gateways, and on AWS CloudFront with firewall and web app in front of them."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.constructs.gateways import Gateways
from stacks.settings import Settings


class Web(Construct):
    """The table of contents of the web stack. On one machine the edge server (local/services/edge.py) is the origin."""

    def __init__(self, scope: Construct, id: str, settings: Settings, logs: s3.IBucket | None) -> None:
        super().__init__(scope, id)
        self.gateways = Gateways(self, "Gateways", settings)
        self.origin = settings.outside.public_url if settings.outside else ""
        stack = Stack.of(self)
        CfnOutput(stack, "HttpApiId", value=self.gateways.http.api_id)
        CfnOutput(stack, "WebSocketApiId", value=self.gateways.live.api_id)
        CfnOutput(stack, "PublicUrl", value=self.origin)
