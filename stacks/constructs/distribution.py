"""CloudFront: one origin for the web app, the API, webhooks and live updates, so that the browser needs no CORS."""

from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from stacks.constructs.firewall import Firewall
from stacks.constructs.gateways import Gateways
from stacks.constructs.headers import ELSEWHERE, SecurityHeaders
from stacks.settings import Settings

_FALLBACK = Path(__file__).parent / "spa_fallback.js"
_HOST = Path(__file__).parent / "forwarded_host.js"


class Distribution(Construct):
    """`/` from a private bucket, `/live` to the WebSocket API.

    `/api/*`, `/hooks/*`, `/forms/*` and `/chat/*` to the HTTP API.
    """

    def __init__(
        self, scope: Construct, id: str, settings: Settings, gateways: Gateways, logs: s3.IBucket, web_app: Path
    ) -> None:
        super().__init__(scope, id)
        self._headers = SecurityHeaders(self, "Headers", settings.prefix)
        self._files = self._bucket(logs)
        host = self._function("Host", _HOST)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=settings.prefix,
            domain_names=[settings.domain] if settings.domain else None,
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", settings.certificate_arn)
            if settings.certificate_arn
            else None,
            # Without a certificate of ours CloudFront fixes the policy.
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if settings.domain else None,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_root_object="index.html",
            default_behavior=self._web_app(),
            additional_behaviors={
                # The first that fits counts.
                "/api/oauth2/callback": self._passed_on(gateways.http_domain, "/api/oauth2/callback", host),
                "/api/*": self._passed_on(gateways.http_domain, "/api/*", host),
                "/hooks/*": self._passed_on(gateways.http_domain, "/hooks/*", host),
                "/forms/*": self._passed_on(gateways.http_domain, "/forms/*", host),
                "/chat/*": self._passed_on(gateways.http_domain, "/chat/*", host),
                "/live": self._passed_on(gateways.live_domain, "/live", host),
            },
            web_acl_id=Firewall(self, "Firewall", settings.prefix).arn,
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
            function_associations=[self._function("Fallback", _FALLBACK)],
        )

    def _function(self, id: str, file: Path) -> cloudfront.FunctionAssociation:
        """Return a function that looks at each request first."""
        function = cloudfront.Function(
            self,
            id,
            code=cloudfront.FunctionCode.from_file(file_path=str(file)),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)

    def _passed_on(self, domain: str, path: str, host: cloudfront.FunctionAssociation) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                domain,
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
                read_timeout=Duration.seconds(60),
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            # API Gateway knows itself by its own Host only.
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=self._headers.of(path),
            function_associations=[host],
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
