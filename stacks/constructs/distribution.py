"""CloudFront for the app: one origin for the web app, the API and live updates, so that the browser needs no CORS.

What tenants write is at another address (`stacks.constructs.content`). Its paths are known here, too: who looks at one
is sent there, and what is sent to one (a webhook's POST to an address of before) is served, sandboxed, without cookies.
"""

from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from stacks.constructs.behaviours import Behaviours, certificate
from stacks.constructs.gateways import Gateways
from stacks.constructs.headers import ELSEWHERE, SecurityHeaders, rooms
from stacks.settings import Settings


class Distribution(Construct):
    """`/` from a private bucket, `/live` and `/api/*` to the gateways. `content` is the other origin."""

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
        content: str,
        web_app: Path,
    ) -> None:
        super().__init__(scope, id)
        self._headers = headers
        self._files = self._bucket(logs)
        self._ways = made = Behaviours(self, "Ways", headers, secret, content)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=settings.prefix,
            domain_names=[settings.domain] if settings.domain else None,
            certificate=certificate(self, settings.certificate_arn),
            # Without a certificate of ours CloudFront fixes the policy.
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if settings.domain else None,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_root_object="index.html",
            default_behavior=self._web_app(),
            additional_behaviors={
                # The first that fits counts.
                **{path: made.passed_on(gateways.http_domain, path) for path in ("/api/oauth2/callback", "/api/*")},
                **{room: made.of_tenants(gateways.http_domain, room) for room in rooms()},
                "/live": made.passed_on(gateways.live_domain, "/live"),
            },
            web_acl_id=firewall,
            log_bucket=logs,
            log_file_prefix="cloudfront/",
        )
        self.origin = f"https://{settings.domain or self.distribution.distribution_domain_name}"
        self._publish(web_app)

    def _bucket(self, logs: s3.IBucket) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Files",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            server_access_logs_bucket=logs,
            server_access_logs_prefix="web/",
            # Only what the build makes is in it.
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _web_app(self) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(self._files),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._headers.of(ELSEWHERE),
            compress=True,
            function_associations=[self._ways.function("Fallback", "spa_fallback.js")],
        )

    def _publish(self, web_app: Path) -> None:
        """Upload the built web app: names with a hash for ever, pages never from a cache that does not ask."""
        source = deployment.Source.asset(str(web_app))
        assets = deployment.BucketDeployment(
            self,
            "Assets",
            sources=[source],
            destination_bucket=self._files,
            exclude=["*"],
            include=["assets/*"],
            # Pages that are open still ask for the files of the release before.
            prune=False,
            cache_control=[
                deployment.CacheControl.max_age(Duration.days(365)),
                deployment.CacheControl.set_public(),
                deployment.CacheControl.immutable(),
            ],
        )
        pages = deployment.BucketDeployment(
            self,
            "Pages",
            sources=[source],
            destination_bucket=self._files,
            exclude=["assets/*"],
            prune=False,
            cache_control=[deployment.CacheControl.no_cache()],
            distribution=self.distribution,
            distribution_paths=["/", "/index.html"],
        )
        pages.node.add_dependency(assets)
