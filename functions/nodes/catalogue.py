"""The catalogue: finds every node's spec; `functions.nodes.generate` writes them all as `docs/reference/catalog.json`.

It reads specs only: importing it runs no node's behaviour.
"""

import importlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from stepweave.spec.catalogue import Catalogue, CatalogueEntry
from stepweave.spec.credential_entry import CredentialEntry
from stepweave.spec.credentials import CredentialSpec
from stepweave.spec.node import NodeSpec

_FOLDER = Path(__file__).parent
_PACKAGE = ("functions", "nodes")
CATALOGUE_FILE = _FOLDER.parents[1] / "docs" / "reference" / "catalog.json"


@cache
def packages() -> dict[tuple[str, int], str]:
    """Return each node's package by type and version: `("if", 1)` -> `functions.nodes.flow.if_`."""
    return {(spec.type, spec.version): package for package, spec in _found()}


def specs() -> list[NodeSpec]:
    """Return the specs of all nodes, by type and version."""
    return sorted((spec for _, spec in _found()), key=lambda spec: (spec.type, spec.version))


def folder_of(type: str, version: int) -> Path:
    """Return the folder of a node type's version: a later one's is `v<version>` in its type's. Raises KeyError."""
    return _FOLDER.joinpath(*packages()[type, version].split(".")[len(_PACKAGE) :])


@cache
def credential_specs() -> tuple[CredentialSpec, ...]:
    """Return the specs of all credential types, by type."""
    found = []
    for file in sorted(_FOLDER.glob("*/**/credentials/*.py")):
        module = importlib.import_module(".".join((*_PACKAGE, *file.relative_to(_FOLDER).with_suffix("").parts)))
        found += [module.CREDENTIAL] if hasattr(module, "CREDENTIAL") else []
    return tuple(sorted(found, key=lambda spec: spec.type))


def handler_of(spec: NodeSpec) -> str:
    """Return the Lambda handler of a node with a function: `functions.nodes.flow.if_.handler.handler`."""
    return f"{packages()[spec.type, spec.version]}.handler.handler"


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of all nodes, from their specs."""
    credentials = (CredentialEntry.of(spec) for spec in credential_specs())
    return Catalogue((replace(CatalogueEntry.of(spec), app=_app_of(spec)) for spec in specs()), credentials)


def rendered() -> str:
    """Return the text that the committed file should have."""
    return json.dumps(catalogue().to_json(), indent=2, ensure_ascii=False) + "\n"


def _app_of(spec: NodeSpec) -> str:
    family, folder = packages()[spec.type, spec.version].split(".")[len(_PACKAGE) :][:2]
    return folder if family == "apps" else ""


@cache
def _found() -> tuple[tuple[str, NodeSpec], ...]:
    found = []
    # A type's folder, or in an app's that of one of its nodes or triggers; later versions lie in their type's.
    folders = ("*/*", "*/*/nodes/*", "*/*/triggers/*")
    places = (place for folder in folders for place in (folder, f"{folder}/v[0-9]*"))
    for file in sorted(file for place in places for file in _FOLDER.glob(f"{place}/spec.py")):
        package = ".".join((*_PACKAGE, *file.parent.relative_to(_FOLDER).parts))
        found.append((package, importlib.import_module(f"{package}.spec").SPEC))
    return tuple(found)
