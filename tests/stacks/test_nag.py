"""cdk-nag (AwsSolutions) passes, with a reason for each accepted finding and no reason left over."""

import pytest

from stacks.suppressions import acknowledge, suppressions
from tests.stacks.conftest import Synthesised

pytestmark = pytest.mark.synth


def test_every_finding_is_accepted_with_a_reason_and_none_is_left_over(on_aws: Synthesised) -> None:
    from cdk_nag import AwsSolutionsChecks

    entries = suppressions(on_aws.settings)
    assert [entry for entry in entries if len(entry.reason.split()) < 6] == []
    nag = AwsSolutionsChecks(on_aws.app)
    found = {violation.rule_name for violation in nag.validate_scope(on_aws.app).violations}
    assert found == {entry.id for entry in entries}
    acknowledge(on_aws.stacks, on_aws.settings)
    left = nag.validate_scope(on_aws.app)
    assert [violation.rule_name for violation in left.violations] == []
    assert left.success
