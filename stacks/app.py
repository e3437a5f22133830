"""The CDK app: `cdk deploy --all --context env=local | dev | prod`. Synthesis makes no AWS call.

On AWS there is a stack per lifecycle (data, nodes, web, control), the nodes on several for their number; on one machine
a single stack holds all, because each stack costs the deployment seconds and their lifecycles are one.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk

from stacks.bundling.bundler import Bundler, Bundling
from stacks.bundling.uv import BundlingError
from stacks.constructs.layers import Layers
from stacks.control import Control
from stacks.data import Data
from stacks.nodes import SHELVES, Nodes
from stacks.settings import ContextError, Settings, read
from stacks.suppressions import acknowledge
from stacks.web import WEB_APP, Web

RESOURCE_LIMIT = "@aws-cdk/core:stackResourceLimit"
LOCAL_ASSETS = "stepweave-local-assets"
"""The bucket of the local deployment's zips. Made by whoever deploys, so that `cdk bootstrap` is not needed."""


def build(app: cdk.App, settings: Settings, bundling: Bundling, web_app: Path = WEB_APP) -> Mapping[str, cdk.Stack]:
    """Add the stacks of one environment to `app` and return them by name: `data`, `nodes-0` .., `web`, `control`."""
    shelves = {f"nodes-{number}": [number] for number in range(SHELVES)}
    names = ["data", *shelves, "web", "control"]
    if settings.outside:
        app.node.set_context(RESOURCE_LIMIT, 0)  # CloudFormation's limit; the emulator has lifted it, too
        stack = _stack(app, settings, "")
        stacks = dict.fromkeys(names, stack)
        shared = dict.fromkeys(names, Layers(stack, "Layers", settings, bundling))
        shelves = {"nodes-0": list(range(SHELVES))}
    else:
        stacks = {name: _stack(app, settings, f"-{name}") for name in names}
        # Layers of their own: a version that another stack imports could not be replaced.
        shared = {name: Layers(stacks[name], "Layers", settings, bundling) for name in (*shelves, "control")}
    data = Data(stacks["data"], "Data", settings)
    for name, held in shelves.items():
        Nodes(stacks[name], "Nodes", settings, bundling, shared[name], data.queue, data.bucket, held)
    web = Web(stacks["web"], "Web", settings, data.logs, web_app)
    if not settings.outside:
        for name in shelves:
            # Nodes first: what the control plane wants in their requests, those of the release before do not send.
            stacks["control"].add_dependency(stacks[name])
        stacks["web"].add_dependency(stacks["data"])  # CloudFront's secret is known by its name
    origins = web.origin, web.content_origin
    Control(stacks["control"], "Control", settings, bundling, shared["control"], data, web.gateways, *origins)
    return stacks


class _Stack(cdk.Stack):
    """A stack whose zones are found out by CloudFormation. CDK would ask AWS at synthesis, or take two."""

    zones = 2

    @property
    def availability_zones(self) -> list[str]:
        """The first zones of the region."""
        return [cdk.Fn.select(number, cdk.Fn.get_azs()) for number in range(self.zones)]


def _stack(app: cdk.App, settings: Settings, suffix: str) -> cdk.Stack:
    local = settings.outside is not None
    stack = _Stack(
        app,
        settings.prefix + suffix,
        env=cdk.Environment(account=settings.account, region=settings.region),
        synthesizer=cdk.CliCredentialsStackSynthesizer(file_assets_bucket_name=LOCAL_ASSETS) if local else None,
        termination_protection=bool(settings.sizes and settings.sizes.keep_data),
        tags=None if local else {"app": "stepweave", "env": settings.env},
    )
    if settings.sizes:
        stack.zones = settings.sizes.zones
    return stack


def _check(app: cdk.App, stacks: Mapping[str, cdk.Stack], settings: Settings) -> None:
    """Let cdk-nag refuse what it finds and nobody has accepted. Only what goes to AWS: importing it costs 0.4 s."""
    from cdk_nag import AwsSolutionsChecks

    acknowledge(stacks, settings)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))


def main() -> int:
    """Synthesise what the context asks for. Returns the exit status: 1 with one clear message for what is wrong."""
    app = cdk.App(tree_metadata=False)
    try:
        settings = read(app.node.try_get_context)
        stacks = build(app, settings, Bundler(settings.target))
        if settings.sizes:
            _check(app, stacks, settings)
    except (ContextError, BundlingError) as error:
        sys.stderr.write(f"stepweave: {error}\n")
        return 1
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
