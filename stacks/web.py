"""The one origin that people see: the gateways, and on AWS CloudFront with firewall and web app in front of them."""

from pathlib import Path
from typing import Final

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.constructs.gateways import Gateways
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
        else:
            self.origin = self._in_front(settings, logs, web_app)
        CfnOutput(stack, "HttpApiId", value=self.gateways.http.api_id)
        CfnOutput(stack, "WebSocketApiId", value=self.gateways.live.api_id)
        CfnOutput(stack, "PublicUrl", value=self.origin)

    def _in_front(self, settings: Settings, logs: s3.IBucket, web_app: Path) -> str:
        # Imported here: what only AWS has costs a local deployment 0.4 s of imports.
        from stacks.constructs.distribution import Distribution

        if not (web_app / "index.html").is_file():
            raise ContextError(f"the web app is not built: {web_app}/index.html is missing.\n  `make setup` builds it.")
        made = Distribution(self, "Front", settings, self.gateways, logs, web_app)
        CfnOutput(Stack.of(self), "DistributionDomain", value=made.distribution.distribution_domain_name)
        return made.origin
