"""Finds what two lists have in common, and where they differ."""

from typing import Any

from functions.nodes.data.compare_datasets.spec import Params
from stepweave.model.items import Item
from stepweave.model.lineage import made_of
from stepweave.runtime import Step
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.fields import Read, put, reader, readers, taken, warn_nowhere
from stepweave.runtime.matching import Comparing, matched, warn_unmatched
from stepweave.spec.fieldpaths import MISSING


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items by where they are."""
    params, first, second = step.params(), step.items("first"), step.items("second")
    comparison = _Comparison(params)
    warn_unmatched(step.log, params.match, first, second, dots=params.dots)
    warn_nowhere(step.log, [*first, *second], params.skip, "params.skip", so="it leaves nothing out", dots=params.dots)
    found = matched(first, second, comparison.columns, comparison.how, all_matches=params.multiple == "all")
    output: dict[str, list[Item]] = {
        "onlyFirst": [first[place] for place in found.first],
        "same": [],
        "different": [],
        "onlySecond": [second[place] for place in found.second],
    }
    for a, b in found.pairs:
        port, item = comparison.of(first[a], second[b])
        output[port].append(item)
    return output


class _Comparison:
    """How two items that are about the same thing are compared."""

    def __init__(self, params: Params) -> None:
        if not params.match:
            raise ParameterInvalid(
                "No field says which items are about the same thing.",
                "Name fields that must be equal.",
                details={"field": "params.match"},
            )
        self._params = params
        self.how = Comparing(loose=params.loose, ignore_case=params.ignore_case)
        self.columns: tuple[list[Read], list[Read]] = (
            [self._reader(row.first, f"params.match.{at}.first") for at, row in enumerate(params.match)],
            [self._reader(row.second, f"params.match.{at}.second") for at, row in enumerate(params.match)],
        )
        readers(params.skip, "params.skip", dots=params.dots)

    def _reader(self, path: str, place: str) -> Read:
        return reader(path, place, dots=self._params.dots)

    def of(self, first: Item, second: Item) -> tuple[str, Item]:
        """Return the port of a pair, and the item that it gives."""
        fields = [self._compared(item, side) for side, item in enumerate((first, second))]
        names = list({**fields[0], **fields[1]})
        different = [
            name for name in names if not self._equal(fields[0].get(name, MISSING), fields[1].get(name, MISSING))
        ]
        if not different:
            return "same", first
        match self._params.resolve:
            case "first":
                return "different", first
            case "second":
                return "different", second
            case "mix":
                json = self._mixture(first["json"], second["json"])
            case "both":
                json = {
                    "keys": self._keys(first["json"]),
                    "same": {name: fields[0].get(name, fields[1].get(name)) for name in names if name not in different},
                    "different": {name: _sides(*(side.get(name, MISSING) for side in fields)) for name in different},
                    "skipped": self._skipped(first["json"], second["json"]),
                }
        return "different", made_of((first, second), json, {**second.get("binary", {}), **first.get("binary", {})})

    def _compared(self, item: Item, side: int) -> dict[str, Any]:
        """Return the fields of an item that are compared: not those that match already, nor those to be skipped."""
        params, json = self._params, dict(item["json"])
        for at, row in enumerate(params.match):
            taken(json, row.second if side else row.first, f"params.match.{at}", dots=params.dots)
        for name in params.skip:
            taken(json, name, "params.skip", dots=params.dots)
        return json

    def _equal(self, left: Any, right: Any) -> bool:
        return bool(self.how.key(left) == self.how.key(right))

    def _keys(self, json: dict[str, Any]) -> dict[str, Any]:
        return {row.first: read(json) for row, read in zip(self._params.match, self.columns[0], strict=True)}

    def _skipped(self, first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
        reading = readers(self._params.skip, "params.skip", dots=self._params.dots)
        found = {name: _sides(read(first), read(second)) for name, read in zip(self._params.skip, reading, strict=True)}
        return {name: sides for name, sides in found.items() if sides}

    def _mixture(self, first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
        preferred, other = (first, second) if self._params.prefer == "first" else (second, first)
        json = {**other, **preferred}
        for name in self._params.other_fields:
            value = reader(name, "params.otherFields", dots=self._params.dots)(other)
            if value is MISSING:
                taken(json, name, "params.otherFields", dots=self._params.dots)
            else:
                put(json, name, value, "params.otherFields", dots=self._params.dots)
        return json


def _sides(first: Any, second: Any) -> dict[str, Any]:
    """Return both values of a field, each where there is one."""
    return {name: value for name, value in (("inputA", first), ("inputB", second)) if value is not MISSING}
