"""The firewall before CloudFront: AWS's managed rules, and a limit per address."""

from typing import Final

from aws_cdk import aws_wafv2 as waf
from constructs import Construct

RATE: Final = 3000
"""Requests of one address in five minutes. A browser that watches executions makes far fewer; webhooks of one sender
come in at 10 per second at most."""
_MANAGED: Final = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
)
_COUNTED: Final = {
    # Workflows, webhook bodies and code nodes are large and full of what looks like an attack: HTML, scripts, URLs.
    "AWSManagedRulesCommonRuleSet": (
        "SizeRestrictions_BODY",
        "CrossSiteScripting_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "EC2MetaDataSSRF_BODY",
        "NoUserAgent_HEADER",
    ),
}
"""Rules that only count: the API validates bodies itself, and senders of webhooks need no User-Agent."""


class Firewall(Construct):
    """A web ACL for CloudFront. It must be made in us-east-1."""

    def __init__(self, scope: Construct, id: str, name: str) -> None:
        super().__init__(scope, id)
        acl = waf.CfnWebACL(
            self,
            "Acl",
            name=name,
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow=waf.CfnWebACL.AllowActionProperty()),
            visibility_config=_visibility(name),
            rules=[_rate(0), *(_managed(number, group) for number, group in enumerate(_MANAGED, start=1))],
        )
        self.arn = acl.attr_arn


def _rate(priority: int) -> waf.CfnWebACL.RuleProperty:
    return waf.CfnWebACL.RuleProperty(
        name="rate",
        priority=priority,
        action=waf.CfnWebACL.RuleActionProperty(block=waf.CfnWebACL.BlockActionProperty()),
        statement=waf.CfnWebACL.StatementProperty(
            rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(limit=RATE, aggregate_key_type="IP")
        ),
        visibility_config=_visibility("rate"),
    )


def _managed(priority: int, group: str) -> waf.CfnWebACL.RuleProperty:
    count = waf.CfnWebACL.RuleActionProperty(count=waf.CfnWebACL.CountActionProperty())
    return waf.CfnWebACL.RuleProperty(
        name=group,
        priority=priority,
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        statement=waf.CfnWebACL.StatementProperty(
            managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS",
                name=group,
                rule_action_overrides=[
                    waf.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=count)
                    for rule in _COUNTED.get(group, ())
                ],
            )
        ),
        visibility_config=_visibility(group),
    )


def _visibility(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )
