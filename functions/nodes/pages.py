"""The nodes' pages, `docs/reference/nodes/<type>.md`, of specs and examples (written by `functions.nodes.generate`)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from functions.nodes.catalogue import CATALOGUE_FILE, catalogue, folder_of
from functions.nodes.examples import Example, examples_of
from stepweave.spec.catalogue import CatalogueEntry
from stepweave.spec.fields import rules_of
from stepweave.spec.node import Port

FOLDER: Final = CATALOGUE_FILE.parent / "nodes"
_NOTE: Final = "<!-- Generated from the node's folder by `make generate`. Do not edit. -->"


def rendered() -> dict[str, str]:
    """Return all pages by file name: one for the newest version of each type, and their index."""
    entries = list({entry.type: entry for entry in catalogue()}.values())
    pages = {f"{entry.type}.md": page_of(entry, examples_of(entry.type, entry.version)) for entry in entries}
    lines = [
        f"| [{entry.name}]({entry.type}.md) | {folder_of(entry.type, entry.version).parent.name} | {entry.summary} |"
        for entry in sorted(entries, key=lambda entry: (folder_of(entry.type, entry.version).parent.name, entry.name))
    ]
    index = [_NOTE, "", "# Nodes", "", "| node | family | what it does |", "| --- | --- | --- |", *lines]
    return {**pages, "README.md": "\n".join(index) + "\n"}


def page_of(entry: CatalogueEntry, examples: Sequence[Example]) -> str:
    """Return a node's page as Markdown."""
    parts = [
        _NOTE,
        f"# {entry.name}",
        f"{entry.summary} Type `{entry.type}`, version {entry.version}.",
        entry.docs.strip(),
        "## Parameters",
        "\n".join(_table(entry.params_schema)) or "None.",
        "## Ports",
        "\n".join((*_ports("in", entry.inputs), *_ports("out", entry.outputs))) or "None.",
    ]
    if entry.errors:
        marked = (f"`{name}`{' *' if name in entry.retryable else ''}" for name in entry.errors)
        parts += ["## Errors", f"{', '.join(marked)}. Those marked * are retried where the node has retries."]
    if examples:
        parts += ["## Examples", *(_example(example) for example in examples)]
    return "\n\n".join(parts) + "\n"


def _table(schema: Mapping[str, Any]) -> Iterator[str]:
    properties: Mapping[str, Mapping[str, Any]] = schema.get("properties", {})
    if properties:
        yield "| field | name | kind | default | |\n| --- | --- | --- | --- | --- |"
    for name, field in properties.items():
        form = field.get("x-ui", {})
        kind = form.get("kind", "")
        if kind == "select":
            kind = ", ".join(dict.fromkeys(f"`{option['value']}`" for option in form["options"]))
        words = [form.get("help", ""), _only_when(form, properties)]
        default = "" if field.get("default") in (None, "", [], {}) else f"`{json.dumps(field['default'])}`"
        required = "required" if name in schema.get("required", ()) or form.get("requiredWhenShown") else default
        cells = (field.get("title", name), f"`{name}`", kind, required, " ".join(filter(None, words)))
        yield f"| {' | '.join(_cell(str(cell)) for cell in cells)} |"


def _only_when(form: Mapping[str, Any], properties: Mapping[str, Mapping[str, Any]]) -> str:
    rules = [" and ".join(_conditions(rule, properties)) for rule in rules_of(form)]
    return f"Only where {', or '.join(rules)}." if all(rules) else ""


def _conditions(rule: Mapping[str, Sequence[Any]], properties: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for sibling, values in rule.items():
        title = properties[sibling].get("title", sibling)
        yield f"*{title}* is {' or '.join(f'`{json.dumps(value)}`' for value in values)}"


def _ports(way: str, ports: Sequence[Port]) -> Iterator[str]:
    for port in ports:
        label = f" ({port.label})" if port.label else ""
        yield f"- {way}: `{port.name}`{label}"


def _example(example: Example) -> str:
    document = example.document
    shown = [
        {name: node[name] for name in ("type", "name", "params", "pinned", "expected") if name in node}
        for node in example.nodes
    ]
    blocks = "\n\n".join("\n".join(f"    {line}" for line in _json(node).splitlines()) for node in shown)
    path = example.file.relative_to(CATALOGUE_FILE.parents[2])
    run = f"    stepweave test {path}"
    return f"**{document['name']}.** {document['description']}\n\n{blocks}\n\n{run}"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
