"""A credential type as the catalogue has it: JSON data that the API, the vault and the editor read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stepweave.spec.credential_parts import OAuth2, OnRequest, Probe, Rate, part_from_json, part_to_json
from stepweave.spec.credentials import CredentialSpec
from stepweave.spec.fields import Kind
from stepweave.spec.schemas import inline_refs


@dataclass(frozen=True)
class CredentialEntry:
    """A credential type. Fields as in `CredentialSpec`; `data_schema` is the JSON Schema of its data with forms."""

    type: str
    name: str
    icon: str
    summary: str
    docs: str
    data_schema: Mapping[str, Any]
    hint: tuple[str, ...]
    on_request: OnRequest | None
    hosts: tuple[str, ...]
    sent_to: tuple[str, ...]
    test: Probe | None
    tested_by: str
    oauth2: OAuth2 | None
    rate: Rate | None

    @property
    def fields(self) -> Mapping[str, Mapping[str, Any]]:
        """Its fields' schemas by name (camelCase), in the order of the form."""
        fields: Mapping[str, Mapping[str, Any]] = self.data_schema.get("properties", {})
        return fields

    @property
    def secrets(self) -> frozenset[str]:
        """Names of the fields that no route returns."""
        return frozenset(name for name, form in self.forms() if form.get("kind") == Kind.SECRET.value)

    def forms(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield each field's name and form (`x-ui`)."""
        for name, field in self.fields.items():
            yield name, field.get("x-ui", {})

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON data (camelCase)."""
        return {
            "type": self.type,
            "name": self.name,
            "icon": self.icon,
            "summary": self.summary,
            "docs": self.docs,
            "dataSchema": dict(self.data_schema),
            "hint": list(self.hint),
            "onRequest": part_to_json(self.on_request),
            "hosts": list(self.hosts),
            "sentTo": list(self.sent_to),
            "test": part_to_json(self.test),
            "testedBy": self.tested_by,
            "oauth2": part_to_json(self.oauth2),
            "rate": part_to_json(self.rate),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CredentialEntry":
        """Read what `to_json` wrote. Raises KeyError or TypeError on anything else."""
        return cls(
            type=data["type"],
            name=data["name"],
            icon=data["icon"],
            summary=data["summary"],
            docs=data["docs"],
            data_schema=data["dataSchema"],
            hint=tuple(data["hint"]),
            on_request=part_from_json(OnRequest, data["onRequest"]),
            hosts=tuple(data["hosts"]),
            sent_to=tuple(data["sentTo"]),
            test=part_from_json(Probe, data["test"]),
            tested_by=data["testedBy"],
            oauth2=part_from_json(OAuth2, data["oauth2"]),
            rate=part_from_json(Rate, data["rate"]),
        )

    @classmethod
    def of(cls, spec: CredentialSpec) -> "CredentialEntry":
        """Return the entry of a credential type's spec."""
        return cls(
            type=spec.type,
            name=spec.name,
            icon=spec.icon,
            summary=spec.summary,
            docs=spec.docs,
            data_schema=inline_refs(spec.data.model_json_schema(by_alias=True)),
            hint=spec.hint,
            on_request=spec.on_request,
            hosts=spec.hosts,
            sent_to=spec.sent_to,
            test=spec.test,
            tested_by=spec.tested_by,
            oauth2=spec.oauth2,
            rate=spec.rate,
        )
