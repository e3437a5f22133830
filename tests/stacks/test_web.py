"""The one origin: behaviours, headers, firewall, and pages of the web app."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from api import guard
from functions.system.form import pages as form_pages
from local.services.policies import security_headers
from stacks.constructs.headers import HEADERS_FILE, paths, policies, rooms
from stepweave_data.hooks import visitors
from stepweave_data.hooks.looks import Look
from stepweave_data.hooks.refusals import SANDBOX
from tests.stacks.conftest import Synthesised

FALLBACK = Path(HEADERS_FILE).parent / "constructs" / "spa_fallback.js"


def policies_of(app: Synthesised) -> dict[str, dict[str, str]]:
    """Return the template's policies: id -> headers. Every header must override what the origin sends."""
    found = {}
    for one in app.of("AWS::CloudFront::ResponseHeadersPolicy"):
        policy = one.properties["ResponseHeadersPolicyConfig"]
        special, custom = policy["SecurityHeadersConfig"], policy["CustomHeadersConfig"]["Items"]
        ours = [key for key, entry in special.items() if not entry["Override"]]
        assert ours == (["ContentSecurityPolicy"] if "Forms" in one.id or "Chats" in one.id else [])
        assert all(entry["Override"] for entry in custom)
        found[one.id] = {item["Header"]: item["Value"] for item in custom} | {
            "Content-Security-Policy": special["ContentSecurityPolicy"]["ContentSecurityPolicy"],
            "Strict-Transport-Security": f"max-age={special['StrictTransportSecurity']['AccessControlMaxAgeSec']}"
            + ("; includeSubDomains" if special["StrictTransportSecurity"]["IncludeSubdomains"] else ""),
            "X-Content-Type-Options": "nosniff" if special["ContentTypeOptions"]["Override"] else "",
            **({"X-Frame-Options": special["FrameOptions"]["FrameOption"]} if "FrameOptions" in special else {}),
            "Referrer-Policy": special["ReferrerPolicy"]["ReferrerPolicy"],
        }
    return found


def front(app: Synthesised) -> dict[str, Any]:
    """Return the configuration of the app's distribution."""
    return _distribution(app, "")


def content(app: Synthesised) -> dict[str, Any]:
    """Return the configuration of the distribution of what tenants write."""
    return _distribution(app, " content")


def _distribution(app: Synthesised, end: str) -> dict[str, Any]:
    name = f"{app.settings.prefix}{end}"
    found = [one.properties["DistributionConfig"] for one in app.of("AWS::CloudFront::Distribution")]
    [one] = [config for config in found if config["Comment"] == name]
    return dict(one)


@pytest.mark.synth
def test_what_tenants_write_has_a_distribution_of_its_own_with_nothing_of_the_app(on_aws: Synthesised) -> None:
    config, app = content(on_aws), front(on_aws)
    written = {one["PathPattern"]: one for one in config["CacheBehaviors"]}
    assert list(written) == [*rooms(), "/live"]
    [nothing] = config["DefaultCacheBehavior"]["FunctionAssociations"]
    function = on_aws.named("AWS::CloudFront::Function", nothing["FunctionARN"])
    assert "statusCode: 404" in function.properties["FunctionCode"]
    request = {
        one.id: one.properties["OriginRequestPolicyConfig"] for one in on_aws.of("AWS::CloudFront::OriginRequestPolicy")
    }
    at_app = {one["PathPattern"]: one for one in app["CacheBehaviors"]}
    for room in rooms():
        for behaviour in (written[room], at_app[room]):
            policy = request[behaviour["OriginRequestPolicyId"]["Ref"]]
            assert policy["CookiesConfig"] == {"CookieBehavior": "none"}
        # At the app's origin nobody looks at it: a look is sent to the other origin, and so no script is of 'self'.
        [first] = at_app[room]["FunctionAssociations"]
        code = json.dumps(on_aws.named("AWS::CloudFront::Function", first["FunctionARN"]).properties["FunctionCode"])
        assert "308" in code
        assert "__CONTENT__" not in code
        assert at_app[room]["ResponseHeadersPolicyId"] == written[room]["ResponseHeadersPolicyId"]


@pytest.mark.synth
def test_functions_know_both_origins_and_they_differ(on_aws: Synthesised) -> None:
    known = on_aws.environment("webhook")
    assert known["STEPWEAVE_CONTENT_URL"] != known["STEPWEAVE_PUBLIC_URL"]


@pytest.mark.parametrize(
    ("uri", "query", "location"),
    [
        ("/hooks/acme/x", {}, "https://content.example/hooks/acme/x"),
        ("/forms/a/b", {"a": {"value": "1%2F"}, "b": {"value": ""}}, "https://content.example/forms/a/b?a=1%2F&b"),
        (
            "/hooks/a/b",
            {"a": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]}},
            "https://content.example/hooks/a/b?a=1&a=2",
        ),
    ],
)
def test_who_looks_at_a_tenants_page_at_the_app_is_sent_to_the_content_origin(
    uri: str, query: dict[str, Any], location: str
) -> None:
    request = {"method": "GET", "uri": uri, "querystring": query, "headers": {"host": {"value": "app.example"}}}
    moved = FALLBACK.with_name("moved.js")
    answer = _handled({"request": request, "viewer": {"ip": "::1"}}, moved)
    assert (answer["statusCode"], answer["headers"]["location"]["value"]) == (308, location)
    sent = _handled({"request": {**request, "method": "POST"}, "viewer": {"ip": "::1"}}, moved)
    assert (sent["uri"], sent["headers"]["x-forwarded-host"]["value"]) == (uri, "app.example")


@pytest.mark.synth
def test_cloudfront_sets_on_each_path_the_very_headers_that_the_local_edge_sets(on_aws: Synthesised) -> None:
    made, local = policies_of(on_aws), security_headers()
    config = front(on_aws)
    behaviours = {one["PathPattern"]: one for one in config["CacheBehaviors"]} | {"*": config["DefaultCacheBehavior"]}
    written = {one["PathPattern"]: one for one in content(on_aws)["CacheBehaviors"]}
    for pattern, behaviour in [*behaviours.items(), *written.items()]:
        headers = made[behaviour["ResponseHeadersPolicyId"]["Ref"]]
        assert headers == policies()[paths()[pattern]] == local(pattern.replace("*", "some/path")), pattern


def test_pages_of_tenants_have_no_origin_and_no_frame() -> None:
    hooks = policies()["hooks"]["Content-Security-Policy"]
    sandbox, frames = (part.strip() for part in hooks.split(";"))
    assert "sandbox" in sandbox.split()
    assert not {"allow-same-origin", "allow-top-navigation", "allow-popups-to-escape-sandbox"} & set(sandbox.split())
    assert frames == "frame-ancestors 'none'"
    # Who reaches the API past the edge gets the same of the functions themselves.
    assert SANDBOX["content-security-policy"] == hooks
    assert guard.HEADERS["Content-Security-Policy"] == policies()["api"]["Content-Security-Policy"]


def test_pages_of_forms_have_no_origin_and_run_nothing() -> None:
    fallback = policies()["forms"]["Content-Security-Policy"]
    for policy in (fallback, form_pages.policy(visitors.plain({}), "n")["content-security-policy"]):
        parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        assert not {"allow-same-origin", "allow-top-navigation"} & set(parts["sandbox"].split())
        assert parts["default-src"] == parts["base-uri"] == parts["frame-ancestors"] == "'none'"
        assert "script-src" not in parts
    shop: Look = {**visitors.plain({}), "embed": "https://a.example, https://b.example"}
    framed = form_pages.policy(shop)["content-security-policy"]
    assert framed.endswith("; frame-ancestors https://a.example https://b.example")


def test_scripts_and_frames_come_from_our_origin_only() -> None:
    directives = dict(
        part.strip().split(" ", 1) for part in policies()["app"]["Content-Security-Policy"].split(";") if part
    )
    assert directives["default-src"] == directives["script-src"] == directives["connect-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["object-src"] == "'none'"


@pytest.mark.parametrize("path", ["/hooks", "/hooks/", "/hooks/acme/x", "/hooks/a.html", "/hooks/x/../../y"])
def test_whatever_lies_below_hooks_is_sandboxed_locally(path: str) -> None:
    assert security_headers()(path)["Content-Security-Policy"].startswith("sandbox ")


def test_the_api_is_told_which_host_the_caller_used_and_from_where_it_came() -> None:
    forged = {"x-forwarded-host": {"value": "evil.example"}, "x-stepweave-caller": {"value": "10.0.0.1"}}
    event = {"viewer": {"ip": "2001:db8::7"}, "request": {"headers": {"host": {"value": "app.example"}, **forged}}}
    handled = _handled(event, FALLBACK.with_name("forwarded_host.js"))
    assert handled["headers"]["x-forwarded-host"] == {"value": "app.example"}
    assert handled["headers"]["x-stepweave-caller"] == {"value": "2001:db8::7"}


@pytest.mark.synth
def test_one_origin_leads_to_web_app_api_hooks_and_live(on_aws: Synthesised) -> None:
    found = front(on_aws)
    behaviours = {one["PathPattern"]: one for one in found["CacheBehaviors"]}
    assert list(behaviours) == ["/api/oauth2/callback", "/api/*", "/hooks/*", "/forms/*", "/chat/*", "/live"]
    assert behaviours["/api/*"]["TargetOriginId"] != behaviours["/live"]["TargetOriginId"]
    assert all(len(one["AllowedMethods"]) == 7 for one in behaviours.values())
    every = [found["DefaultCacheBehavior"], *behaviours.values()]
    assert {one["ViewerProtocolPolicy"] for one in every} == {"redirect-to-https", "https-only"}


@pytest.mark.synth
def test_the_firewall_stands_before_cloudfront(on_aws: Synthesised) -> None:
    acl = on_aws.one("AWS::WAFv2::WebACL")
    found = front(on_aws)
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


def _handled(event: dict[str, Any], file: Path = FALLBACK) -> Any:
    node = shutil.which("node")
    assert node, "Node is part of the set-up"
    code = file.read_text().replace("__CONTENT__", "https://content.example")
    script = f"{code}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
