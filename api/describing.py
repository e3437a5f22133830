"""What fields of schemas are, read off the strings under them, for the OpenAPI document alone.

pydantic could do so itself (`use_attribute_docstrings`), but reads the sources whenever a class is made: 0.1 s of every
cold start of the API.
"""

import ast
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic.alias_generators import to_camel

SCHEMAS: Final = Path(__file__).parent / "schemas"


def describe(schemas: dict[str, Any]) -> None:
    """Put descriptions into the properties of an OpenAPI document's schemas."""
    for name, schema in schemas.items():
        told = _told(name.partition("_")[0])  # `Page_WorkflowSummary_` is a Page
        for key, found in schema.get("properties", {}).items():
            if key in told:
                found["description"] = told[key]


def _told(name: str) -> dict[str, str]:
    """Return what the fields of a class are, its bases' too, by their names in JSON."""
    found = _classes().get(name)
    if found is None:
        return {}
    bases = [base.id for base in found.bases if isinstance(base, ast.Name)]
    inherited = {key: text for base in bases for key, text in _told(base).items()}
    own = {
        to_camel(field.target.id): " ".join(below.value.value.split())
        for field, below in zip(found.body, found.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
    return inherited | own


@cache
def _classes() -> dict[str, ast.ClassDef]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SCHEMAS.glob("*.py")))
    return {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}
