"""CloudFront for what tenants write: webhooks, callbacks, forms and chats, on another registrable domain than the app.

Without a domain of its own it has CloudFront's name, and `cloudfront.net` is on the public suffix list: no cookie is
shared with another name below it. Nothing of the app's is here, so a page that a tenant writes finds nothing to take.
"""

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.constructs.behaviours import Behaviours, certificate
from stacks.constructs.gateways import Gateways
from stacks.constructs.headers import NOTHING, SecurityHeaders, rooms
from stacks.settings import Settings


class ContentDistribution(Construct):
    """`/hooks/*`, `/forms/*` and `/chat/*` to the HTTP API, `/live` (for chats) to the WebSocket API, no more."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        settings: Settings,
        gateways: Gateways,
        logs: s3.IBucket,
        headers: SecurityHeaders,
        firewall: str,
        secret: str,
    ) -> None:
        super().__init__(scope, id)
        made = Behaviours(self, "Ways", headers, secret)
        written = {room: made.of_tenants(gateways.http_domain, room) for room in rooms()}
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"{settings.prefix} content",
            domain_names=[settings.content_domain] if settings.content_domain else None,
            certificate=certificate(self, settings.content_certificate_arn),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021
            if settings.content_domain
            else None,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.HttpOrigin(gateways.http_domain),  # never asked
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                response_headers_policy=headers.named(NOTHING),
                function_associations=[made.function("Nothing", "nothing_here.js")],
            ),
            additional_behaviors={**written, "/live": made.passed_on(gateways.live_domain, "/live")},
            web_acl_id=firewall,
            log_bucket=logs,
            log_file_prefix="cloudfront-content/",
        )
        self.origin = f"https://{settings.content_domain or self.distribution.distribution_domain_name}"
