"""The two origins that people see, the app's and that of what tenants write: the gateways, and on AWS CloudFront."""

from pathlib import Path
from typing import Final

from aws_cdk import CfnOutput, SecretValue, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.constructs.gateways import Gateways
from stacks.data import front_name
from stacks.settings import ContextError, Settings

WEB_APP: Final = Path(__file__).parents[1] / "web" / "dist"


class Web(Construct):
    """The table of contents of the web stack. On one machine the edge server (local/services/edge.py) is the origin."""

    def __init__(
        self, scope: Construct, id: str, settings: Settings, logs: s3.IBucket | None, web_app: Path = WEB_APP
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        self.gateways = Gateways(self, "Gateways", settings)
        if settings.outside or logs is None:
            self.origin = settings.outside.public_url if settings.outside else ""
            self.content_origin = settings.outside.content_url if settings.outside else ""
        else:
            self.origin, self.content_origin = self._in_front(settings, logs, web_app)
        CfnOutput(stack, "HttpApiId", value=self.gateways.http.api_id)
        CfnOutput(stack, "WebSocketApiId", value=self.gateways.live.api_id)
        CfnOutput(stack, "PublicUrl", value=self.origin)
        CfnOutput(stack, "ContentUrl", value=self.content_origin)

    def _in_front(self, settings: Settings, logs: s3.IBucket, web_app: Path) -> tuple[str, str]:
        # Imported here: what only AWS has costs a local deployment 0.4 s of imports.
        from stacks.constructs.content import ContentDistribution
        from stacks.constructs.distribution import Distribution
        from stacks.constructs.firewall import Firewall
        from stacks.constructs.headers import SecurityHeaders

        if not (web_app / "index.html").is_file():
            raise ContextError(f"the web app is not built: {web_app}/index.html is missing.\n  `make setup` builds it.")
        headers = SecurityHeaders(self, "Headers", settings.prefix)
        # By its name: CloudFormation puts the value in when it deploys, and no template has it.
        secret = SecretValue.secrets_manager(front_name(settings), json_field="sent").unsafe_unwrap()
        around = (settings, self.gateways, logs, headers, Firewall(self, "Firewall", settings.prefix).arn, secret)
        content = ContentDistribution(self, "Content", *around)
        made = Distribution(self, "Front", *around, content.origin, web_app)
        CfnOutput(Stack.of(self), "DistributionDomain", value=made.distribution.distribution_domain_name)
        CfnOutput(Stack.of(self), "ContentDomain", value=content.distribution.distribution_domain_name)
        return made.origin, content.origin
