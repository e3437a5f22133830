"""The one origin: behaviours, headers, firewall, and pages of the web app."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from stacks.constructs.headers import HEADERS_FILE, security_headers
from tests.stacks.conftest import Synthesised

FALLBACK = Path(HEADERS_FILE).parent / "constructs" / "spa_fallback.js"


@pytest.mark.synth
def test_cloudfront_sets_the_very_headers_that_the_local_edge_sets(on_aws: Synthesised) -> None:
    policy = on_aws.one("AWS::CloudFront::ResponseHeadersPolicy").properties["ResponseHeadersPolicyConfig"]
    special = policy["SecurityHeadersConfig"]
    found = {item["Header"]: item["Value"] for item in policy["CustomHeadersConfig"]["Items"]} | {
        "Content-Security-Policy": special["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "Strict-Transport-Security": f"max-age={special['StrictTransportSecurity']['AccessControlMaxAgeSec']}"
        + ("; includeSubDomains" if special["StrictTransportSecurity"]["IncludeSubdomains"] else ""),
        "X-Content-Type-Options": "nosniff" if special["ContentTypeOptions"]["Override"] else "",
        "X-Frame-Options": special["FrameOptions"]["FrameOption"],
        "Referrer-Policy": special["ReferrerPolicy"]["ReferrerPolicy"],
    }
    assert found == security_headers()


def test_scripts_and_frames_come_from_our_origin_only() -> None:
    directives = dict(
        part.strip().split(" ", 1) for part in security_headers()["Content-Security-Policy"].split(";") if part
    )
    assert directives["default-src"] == directives["script-src"] == directives["connect-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["object-src"] == "'none'"


@pytest.mark.synth
def test_one_origin_leads_to_web_app_api_hooks_and_live(on_aws: Synthesised) -> None:
    found = on_aws.one("AWS::CloudFront::Distribution").properties["DistributionConfig"]
    behaviours = {one["PathPattern"]: one for one in found["CacheBehaviors"]}
    assert set(behaviours) == {"/api/*", "/hooks/*", "/live"}
    assert behaviours["/api/*"]["TargetOriginId"] != behaviours["/live"]["TargetOriginId"]
    assert all(len(one["AllowedMethods"]) == 7 for one in behaviours.values())
    every = [found["DefaultCacheBehavior"], *behaviours.values()]
    assert len({json.dumps(one["ResponseHeadersPolicyId"]) for one in every}) == 1
    assert {one["ViewerProtocolPolicy"] for one in every} == {"redirect-to-https", "https-only"}


@pytest.mark.synth
def test_the_firewall_stands_before_cloudfront(on_aws: Synthesised) -> None:
    acl = on_aws.one("AWS::WAFv2::WebACL")
    found = on_aws.one("AWS::CloudFront::Distribution").properties["DistributionConfig"]
    assert found["WebACLId"] == {"Fn::GetAtt": [acl.id, "Arn"]}
    names = [rule["Name"] for rule in acl.properties["Rules"]]
    assert names[0] == "rate"
    assert "AWSManagedRulesKnownBadInputsRuleSet" in names


@pytest.mark.synth
def test_the_web_apps_files_are_read_by_cloudfront_only(on_aws: Synthesised) -> None:
    bucket = next(one for one in on_aws.of("AWS::S3::Bucket") if one.stack == "web")
    policy = on_aws.one("AWS::S3::BucketPolicy", Bucket={"Ref": bucket.id}).properties["PolicyDocument"]["Statement"]
    readers = [one["Principal"] for one in policy if one["Effect"] == "Allow" and one["Action"] == "s3:GetObject"]
    assert readers == [{"Service": "cloudfront.amazonaws.com"}]


@pytest.mark.synth
def test_the_websocket_stage_is_the_path_on_our_origin(every: Synthesised) -> None:
    stages = {one.properties["StageName"] for one in every.of("AWS::ApiGatewayV2::Stage")}
    assert stages == {"$default", "live"}


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("/", "/index.html"),
        ("/workflows/7f3a", "/index.html"),
        ("/workflows/v1.2/runs", "/index.html"),
        ("/assets/index-8a1f.js", "/assets/index-8a1f.js"),
        ("/favicon.svg", "/favicon.svg"),
    ],
)
def test_a_page_of_the_web_app_is_index_html_and_a_file_is_itself(asked: str, served: str) -> None:
    assert _handled({"request": {"uri": asked}})["uri"] == served


def _handled(event: dict[str, Any]) -> Any:
    node = shutil.which("node")
    assert node, "Node is part of the set-up"
    script = f"{FALLBACK.read_text()}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
