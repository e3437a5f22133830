"""The Lambda layers, each made when the first function asks for it."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.bundling.bundler import Bundling
from stacks.bundling.layers import LAYERS
from stacks.settings import Settings


class Layers(Construct):
    """Layer versions by the names of `stacks.bundling.layers.LAYERS`."""

    def __init__(self, scope: Construct, id: str, settings: Settings, bundling: Bundling) -> None:
        super().__init__(scope, id)
        self._settings = settings
        self._bundling = bundling
        self._made: dict[str, lambda_.LayerVersion] = {}

    def named(self, *names: str) -> list[lambda_.ILayerVersion]:
        """Return the layers of these names, in this order."""
        return [self._layer(name) for name in names]

    def _layer(self, name: str) -> lambda_.LayerVersion:
        if name not in self._made:
            bundle = self._bundling.layer(name)
            self._made[name] = lambda_.LayerVersion(
                self,
                name,
                layer_version_name=f"{self._settings.prefix}-{name}",
                description=LAYERS[name].description,
                code=lambda_.Code.from_asset(str(bundle.path), asset_hash=bundle.key),
                compatible_runtimes=[
                    lambda_.Runtime(f"python{self._settings.target.python}", lambda_.RuntimeFamily.PYTHON)
                ],
                removal_policy=RemovalPolicy.DESTROY,
            )
        return self._made[name]
