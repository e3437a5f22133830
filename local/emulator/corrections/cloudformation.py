"""CloudFormation: the one quota that a deployment on one machine does not keep."""

from ministack.services.cloudformation import engine

from local.emulator.registry import correction

RESOURCES = 5_000


@correction
def cloudformation_resources() -> None:
    """Let a stack hold more than 500 resources.

    AWS: refuses such a template, and so does MiniStack. Not as on AWS, and meant so: on one machine all is one stack
    (docs/adr/0004-stacks.md), and 125 node types fill it. `tests/stacks` hold the stacks for AWS to the quota.

    Replaces the number in `engine._SECTION_QUOTAS` (320).

    Delete when the deployment on one machine has several stacks.
    """
    engine._SECTION_QUOTAS = tuple(
        (section, noun, one, RESOURCES if section == "Resources" else most)
        for section, noun, one, most in engine._SECTION_QUOTAS
    )
