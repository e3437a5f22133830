"""The CDK app, synthesised once per environment and session, with a placeholder for every zip."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from functions.nodes.catalogue import specs
from stacks.bundling.bundler import Bundle
from stacks.settings import Settings, read
from stepweave.spec.node import NodeSpec

ADDRESSES = {
    "API": "127.0.0.1:8400",
    "inbox": "127.0.0.1:8401",
    "mail server": "127.0.0.1:8402",
    "Postgres": "127.0.0.1:8404",
    "Redis": "127.0.0.1:8405",
    "AWS": "127.0.0.1:4566",
}
LOCAL = {
    "STEPWEAVE_DATABASE_URL": "postgresql://stepweave_app@127.0.0.1:8404/stepweave",
    "STEPWEAVE_REDIS_URL": "redis://127.0.0.1:8405/0",
    "STEPWEAVE_JWT_SECRET": "for-tests",
    "STEPWEAVE_PUBLIC_URL": "http://127.0.0.1:8400",
    "STEPWEAVE_CONTENT_URL": "http://localhost:8406",
    "STEPWEAVE_AWS_ENDPOINT": "http://127.0.0.1:4566",
    "STEPWEAVE_MAIL_URL": "smtp://127.0.0.1:8402",
    "STEPWEAVE_PLATFORM_ADDRESSES": json.dumps(ADDRESSES),
}


class Placeholders:
    """Stands in for the bundler: the same tiny zip for everything."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("placeholder", "")

    def layer(self, name: str) -> Bundle:
        return Bundle(self._path, f"layer-{name}")

    def code(self, name: str, _: Mapping[str, Path]) -> Bundle:
        return Bundle(self._path, f"code-{name}")


@dataclass(frozen=True)
class Resource:
    """A resource of a template."""

    stack: str
    id: str
    type: str
    properties: dict[str, Any]


@dataclass(frozen=True)
class Synthesised:
    """An environment's app after synthesis."""

    app: Any
    stacks: Mapping[str, Any]
    settings: Settings
    templates: Mapping[str, dict[str, Any]]
    missing_context: list[Any]

    def of(self, *types: str) -> list[Resource]:
        """All resources of these types, over all stacks."""
        return [
            Resource(stack, id, found["Type"], found.get("Properties", {}))
            for stack, template in self.templates.items()
            for id, found in template["Resources"].items()
            if found["Type"] in types
        ]

    def one(self, type: str, **properties: Any) -> Resource:
        """The only resource of a type with these properties."""
        found = [
            resource
            for resource in self.of(type)
            if all(resource.properties.get(key) == value for key, value in properties.items())
        ]
        assert len(found) == 1, [resource.id for resource in found]
        return found[0]

    def named(self, type: str, reference: Any) -> Resource:
        """The resource that a `Ref` or `Fn::GetAtt` names."""
        id = reference["Ref"] if "Ref" in reference else reference["Fn::GetAtt"][0]
        return next(one for one in self.of(type) if one.id == id)

    def function(self, name: str) -> Resource:
        """A Lambda function by its name without the prefix."""
        return self.one("AWS::Lambda::Function", FunctionName=f"{self.settings.prefix}-{name}")

    def environment(self, name: str) -> dict[str, Any]:
        """A function's variables."""
        variables: dict[str, Any] = self.function(name).properties["Environment"]["Variables"]
        return variables

    def rights(self, function: Resource) -> list[dict[str, Any]]:
        """The statements of a function's role."""
        role = function.properties["Role"]["Fn::GetAtt"][0]
        return [
            statement
            for policy in self.of("AWS::IAM::Policy")
            if policy.stack == function.stack and {"Ref": role} in policy.properties["Roles"]
            for statement in policy.properties["PolicyDocument"]["Statement"]
        ]

    def allowed(self, name: str) -> set[str]:
        """The actions a function may do."""
        return {action for statement in self.rights(self.function(name)) for action in listed(statement["Action"])}


def listed(value: Any) -> list[Any]:
    """What IAM writes as one or many, as many."""
    return value if isinstance(value, list) else [value]


def synthesise(env: str, folder: Path) -> Synthesised:
    import aws_cdk as cdk

    from stacks.app import build

    web_app = folder / "web"
    (web_app / "assets").mkdir(parents=True)
    (web_app / "index.html").write_text("<!doctype html>")
    settings = read({"env": env, "lambdaConcurrency": "1000" if env == "prod" else ""}.get, LOCAL)
    app = cdk.App(outdir=str(folder / "out"))
    stacks = build(app, settings, Placeholders(folder / "placeholder.zip"), web_app)
    assembly = app.synth()
    manifest = json.loads((folder / "out" / "manifest.json").read_text())
    templates = {name: assembly.get_stack_by_name(stack.stack_name).template for name, stack in stacks.items()}
    if settings.outside:  # one stack under four names
        templates = {"all": templates["data"]}
    return Synthesised(app, stacks, settings, templates, manifest.get("missing", []))


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise("local", tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise("dev", tmp_path_factory.mktemp("dev"))


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    return synthesise("prod", tmp_path_factory.mktemp("prod"))


@pytest.fixture(scope="session", params=["local", "dev", "prod"])
def every(request: pytest.FixtureRequest) -> Synthesised:
    synthesised: Synthesised = request.getfixturevalue(request.param)
    return synthesised


@pytest.fixture(scope="session", params=["dev", "prod"])
def on_aws(request: pytest.FixtureRequest) -> Synthesised:
    synthesised: Synthesised = request.getfixturevalue(request.param)
    return synthesised


def running_specs() -> list[NodeSpec]:
    """The nodes that have a function."""
    return [spec for spec in specs() if spec.has_function]
