"""What both distributions are made of: functions that look at requests first, and ways to the gateways."""

from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from stacks.constructs.headers import SecurityHeaders
from stepweave.aws.origin import HEADER

_HERE = Path(__file__).parent


class Behaviours(Construct):
    """Makes behaviours of one distribution.

    `headers` gives their response headers; `secret` is what gateways take requests by (`stepweave.aws.origin`).
    """

    def __init__(
        self, scope: Construct, id: str, headers: SecurityHeaders, secret: str, forwards: str | None = None
    ) -> None:
        super().__init__(scope, id)
        self._secret = secret
        self._headers = headers
        self.host = self.function("Host", "forwarded_host.js")
        self.moved = self.function("Moved", "moved.js", forwards) if forwards else None
        # API Gateway knows itself by its own Host only. What tenants write gets no cookie of anybody.
        self._without_cookies = cloudfront.OriginRequestPolicy(
            self,
            "WithoutCookies",
            header_behavior=cloudfront.OriginRequestHeaderBehavior.deny_list("host", "cookie"),
            query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
            cookie_behavior=cloudfront.OriginRequestCookieBehavior.none(),
        )

    def function(self, id: str, file: str, content: str = "") -> cloudfront.FunctionAssociation:
        """Return a function that looks at each request first; `__CONTENT__` in it is `content`."""
        code = (_HERE / file).read_text(encoding="utf-8").replace("__CONTENT__", content)
        function = cloudfront.Function(
            self,
            id,
            code=cloudfront.FunctionCode.from_inline(code),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)

    def passed_on(self, domain: str, path: str) -> cloudfront.BehaviorOptions:
        """Return the behaviour of a path of ours that a gateway serves."""
        return self._to(domain, path, self.host, cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER)

    def of_tenants(self, domain: str, path: str) -> cloudfront.BehaviorOptions:
        """Return the behaviour of a path that tenants write: no cookies, and elsewhere where there is an elsewhere."""
        return self._to(domain, path, self.moved or self.host, self._without_cookies)

    def _to(
        self, domain: str, path: str, first: cloudfront.FunctionAssociation, request: cloudfront.IOriginRequestPolicy
    ) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                domain,
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
                read_timeout=Duration.seconds(60),
                # Replaces what a caller sends under the name.
                custom_headers={HEADER: self._secret},
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=request,
            response_headers_policy=self._headers.of(path),
            function_associations=[first],
        )


def certificate(scope: Construct, arn: str | None) -> acm.ICertificate | None:
    """Return a certificate by its ARN; None for CloudFront's own name."""
    return acm.Certificate.from_certificate_arn(scope, "Certificate", arn) if arn else None
