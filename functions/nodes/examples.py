"""The example workflows in nodes' folders: tests of the node, and what its page shows.

`functions/nodes/<family>/<type>/examples/<name>.json` is a workflow as `stepweave test` takes it: with pinned outputs
for what reaches out, and with expected ones.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.nodes.catalogue import folder_of, specs


class ExampleInvalid(ValueError):
    """An example that cannot be one. `str()` names its file and what to write."""


@dataclass(frozen=True)
class Example:
    """An example of a node.

    Attributes:
        type: the node type in whose folder it lies.
        version: likewise.
        file: where it lies.
        document: the workflow.
    """

    type: str
    version: int
    file: Path
    document: dict[str, Any]

    @property
    def nodes(self) -> list[dict[str, Any]]:
        """The nodes of the type that it is an example of."""
        return [node for node in self.document["nodes"] if node["type"] == self.type]


def examples_of(type: str, version: int) -> list[Example]:
    """Return a node type's examples, by file name.

    Raises:
        ExampleInvalid: a file is no JSON, has no name or description, or no node of the type.
    """
    found = []
    for file in sorted((folder_of(type, version) / "examples").glob("*.json")):
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ExampleInvalid(f"{file} is no JSON: {error}.") from None
        if not isinstance(document, dict) or not document.get("name") or not document.get("description"):
            raise ExampleInvalid(f"{file}: write a workflow with a `name` and a `description` of what it shows.")
        example = Example(type, version, file, document)
        if not example.nodes:
            raise ExampleInvalid(f"{file}: no node of it is of type {type!r}, whose example it is.")
        found.append(example)
    return found


def all_examples() -> list[Example]:
    """Return the examples of all nodes. Raises ExampleInvalid."""
    return [example for spec in specs() for example in examples_of(spec.type, spec.version)]
