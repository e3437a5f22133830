"""The security headers of `stacks/security_headers.json` as CloudFront takes them. The local edge reads it too."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

HEADERS_FILE: Final = Path(__file__).parents[1] / "security_headers.json"
_OWN_PLACE: Final = {
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
}
"""Headers that CloudFront wants in their own properties; the rest are custom headers."""


def security_headers() -> Mapping[str, str]:
    """Return the headers every answer carries."""
    headers: dict[str, str] = json.loads(HEADERS_FILE.read_text(encoding="utf-8"))
    return headers


class SecurityHeaders(Construct):
    """A response headers policy."""

    def __init__(self, scope: Construct, id: str, name: str) -> None:
        super().__init__(scope, id)
        headers = security_headers()
        seconds = re.search(r"max-age=(\d+)", headers["Strict-Transport-Security"])
        self.policy = cloudfront.ResponseHeadersPolicy(
            self,
            "Policy",
            response_headers_policy_name=name,
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=headers["Content-Security-Policy"], override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.seconds(int(seconds[1]) if seconds else 0),
                    include_subdomains="includeSubDomains" in headers["Strict-Transport-Security"],
                    override=True,
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override=True
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=header, value=value, override=True)
                    for header, value in headers.items()
                    if header not in _OWN_PLACE
                ]
            ),
        )
