"""A credential type as the catalogue has it: JSON data that the API, the vault and the editor read."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from pydantic.alias_generators import to_camel

from stepweave.spec.credentials import CredentialSpec, OAuth2, OnRequest, Probe
from stepweave.spec.fields import Kind
from stepweave.spec.schemas import inline_refs

_T = TypeVar("_T", OnRequest, Probe, OAuth2)


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
    test: Probe | None
    oauth2: OAuth2 | None

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
            "onRequest": _to_json(self.on_request),
            "hosts": list(self.hosts),
            "test": _to_json(self.test),
            "oauth2": _to_json(self.oauth2),
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
            on_request=_from_json(OnRequest, data["onRequest"]),
            hosts=tuple(data["hosts"]),
            test=_from_json(Probe, data["test"]),
            oauth2=_from_json(OAuth2, data["oauth2"]),
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
            test=spec.test,
            oauth2=spec.oauth2,
        )


def _to_json(value: OnRequest | Probe | OAuth2 | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {to_camel(name): _thawed(part) for name, part in asdict(value).items()}


def _from_json(kind: type[_T], data: Mapping[str, Any] | None) -> _T | None:
    if data is None:
        return None
    return kind(**{field.name: _frozen(data[to_camel(field.name)]) for field in fields(kind)})


def _thawed(value: Any) -> Any:
    return [_thawed(entry) for entry in value] if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(_frozen(entry) for entry in value) if isinstance(value, list) else value
