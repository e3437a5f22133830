"""Choices that a provider has for a field: which loader of the node gives them, and what it must know for that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OptionsFrom:
    """Where the choices of a text field come from (`ui(options_from=...)`). Free text and expressions stay possible.

    Attributes:
        loader: a loader of the node: of its app's `options`, or of `LOADERS` in its `options.py`.
        needs: the node's fields (camelCase) that must be filled in first, the credential among them; of fields in rows,
            too, these are the node's own.
        searches: whether the loader searches; else the editor looks through what has come.
        labelled: whether values are ids: then the editor loads the choices to show the label of a saved one.
        separator: what stands between several values in one field; "" where it takes one.
        workspace: whether the workspace itself has them: then no function of the node is asked, and there is no loader.
    """

    loader: str
    needs: tuple[str, ...] = ()
    searches: bool = False
    labelled: bool = False
    separator: str = ""
    workspace: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as the form carries it (`optionsFrom`)."""
        data: dict[str, Any] = {"loader": self.loader, "needs": list(self.needs)}
        for name in ("searches", "labelled", "separator", "workspace"):
            if value := getattr(self, name):
                data[name] = value
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "OptionsFrom":
        """Read what `to_json` wrote."""
        return cls(
            data["loader"],
            tuple(data["needs"]),
            data.get("searches", False),
            data.get("labelled", False),
            data.get("separator", ""),
            data.get("workspace", False),
        )


@dataclass(frozen=True, slots=True)
class FieldWithOptions:
    """A field that has choices from a loader.

    Attributes:
        path: its JSON name; of a field in rows `rows.name`.
        kind: of its form.
        options: where they come from.
    """

    path: str
    kind: str
    options: OptionsFrom


def fields_with_options(schema: Mapping[str, Any], before: str = "") -> Iterator[FieldWithOptions]:
    """Yield the fields of a params schema (without references) that have choices from a loader."""
    for name, field in schema.get("properties", {}).items():
        path, form = f"{before}{name}", field.get("x-ui", {})
        if "optionsFrom" in form:
            yield FieldWithOptions(path, form.get("kind", ""), OptionsFrom.from_json(form["optionsFrom"]))
        if isinstance(field.get("items"), Mapping):
            yield from fields_with_options(field["items"], f"{path}.")


def told_with(schema: Mapping[str, Any], needs: tuple[str, ...]) -> list[str]:
    """Return the fields that a loader is told of: those that it needs, and those that decide whether they are shown."""
    properties, told = schema.get("properties", {}), list(needs)
    for name in told:
        rules = properties.get(name, {}).get("x-ui", {}).get("showWhen", {})
        for rule in rules if isinstance(rules, list) else [rules]:
            told.extend(other for other in rule if other not in told)
    return told
