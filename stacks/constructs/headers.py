"""The security headers of `stacks/security_headers.json`, per path, as CloudFront takes them.

What lies below `/hooks/` is written by tenants, and served at the content origin (ADR 55): it is sandboxed, so that a
page among it has no origin and reaches no other tenant's page. Every header overrides what an origin sends, so no
answer weakens its path's policy. But for forms and chats: which pages may frame one is theirs to
say, and the function that says so writes the whole policy itself.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

HEADERS_FILE: Final = Path(__file__).parents[1] / "security_headers.json"
ELSEWHERE: Final = "*"
"""The path of everything that no other path takes: the web app."""
NOTHING: Final = "api"
"""The policy of what is nowhere at the content address."""
_OWN_PLACE: Final = {
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
}
"""Headers that CloudFront wants in their own properties; the rest are custom headers."""
_REFERRERS: Final = {
    "no-referrer": cloudfront.HeadersReferrerPolicy.NO_REFERRER,
    "strict-origin-when-cross-origin": cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
}


def policies() -> Mapping[str, Mapping[str, str]]:
    """Return policy name -> the headers that every answer of its paths carries."""
    given = _given()
    made = {name: {**given["every"], **given[name]} for name in dict.fromkeys(given["paths"].values())}
    return {
        name: {header: value for header, value in headers.items() if value is not None}
        for name, headers in made.items()
    }


def paths() -> Mapping[str, str]:
    """Return path pattern -> policy name; `ELSEWHERE` is there."""
    found: dict[str, str] = _given()["paths"]
    return found


def rooms() -> tuple[str, ...]:
    """Return the path patterns of what tenants write; they are served at the content address."""
    return tuple(_given()["rooms"])


def own_counts(name: str) -> frozenset[str]:
    """Return the headers of a policy that are set only where an answer has none of its own."""
    return frozenset(_given()["ownCounts"].get(name, ()))


def _given() -> dict[str, Any]:
    given: dict[str, Any] = json.loads(HEADERS_FILE.read_text(encoding="utf-8"))
    return given


class SecurityHeaders(Construct):
    """The response headers policies, one per kind of path."""

    def __init__(self, scope: Construct, id: str, prefix: str) -> None:
        super().__init__(scope, id)
        self._made = {
            name: self._policy(name.title(), f"{prefix}-{name}", headers, own_counts(name))
            for name, headers in policies().items()
        }

    def of(self, path: str) -> cloudfront.ResponseHeadersPolicy:
        """Return the policy of a path pattern. Raises KeyError for one that has none."""
        return self.named(paths()[path])

    def named(self, name: str) -> cloudfront.ResponseHeadersPolicy:
        """Return a policy by its name. Raises KeyError for one that is none."""
        return self._made[name]

    def _policy(
        self, id: str, name: str, headers: Mapping[str, str], own: frozenset[str]
    ) -> cloudfront.ResponseHeadersPolicy:
        seconds = re.search(r"max-age=(\d+)", headers["Strict-Transport-Security"])
        return cloudfront.ResponseHeadersPolicy(
            self,
            id,
            response_headers_policy_name=name,
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=headers["Content-Security-Policy"],
                    override="Content-Security-Policy" not in own,
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.seconds(int(seconds[1]) if seconds else 0),
                    include_subdomains="includeSubDomains" in headers["Strict-Transport-Security"],
                    override=True,
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                )
                if "X-Frame-Options" in headers
                else None,
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=_REFERRERS[headers["Referrer-Policy"]], override=True
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
