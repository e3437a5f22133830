"""What the vault knows of credential types: their part of the catalogue, read once and without pydantic."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from stepweave.spec.credential_parts import OAuth2, OnRequest, Probe, Rate, part_from_json

CATALOGUE: Final = Path(__file__).parents[3] / "docs" / "reference" / "catalog.json"
"""The committed catalogue, at the same place in the function's zip."""


@dataclass(frozen=True, slots=True)
class CredentialType:
    """A type's name for people, its use (`stepweave.spec.credentials.CredentialSpec`), its secret fields by name."""

    on_request: OnRequest | None = None
    hosts: tuple[str, ...] = ()
    oauth2: OAuth2 | None = None
    secrets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rate: Rate | None = None
    name: str = ""
    sent_to: tuple[str, ...] = ()
    test: Probe | None = None


Types = Mapping[str, CredentialType]


@cache
def types() -> Types:
    """Return all types by name."""
    return types_of(json.loads(CATALOGUE.read_text(encoding="utf-8")))


def types_of(catalogue: Mapping[str, Any]) -> Types:
    """Return the types of a catalogue's JSON data."""
    return {
        entry["type"]: CredentialType(
            part_from_json(OnRequest, entry["onRequest"]),
            tuple(entry["hosts"]),
            part_from_json(OAuth2, entry["oauth2"]),
            {
                name: schema
                for name, schema in entry["dataSchema"].get("properties", {}).items()
                if schema.get("x-ui", {}).get("kind") == "secret"
            },
            part_from_json(Rate, entry["rate"]),
            entry["name"],
            tuple(entry["sentTo"]),
            part_from_json(Probe, entry["test"]),
        )
        for entry in catalogue["credentials"]
    }
