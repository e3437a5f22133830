"""Which Lambda layers there are, and what is in them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from stacks.bundling.uv import ROOT, export

RUNTIME_PROVIDES: Final = ("boto3", "botocore")
"""AWS's Python runtime brings these (and the local Lambda interpreter: local/lambda_runtime.txt)."""

MOST_BYTES: Final = 250 * 1024**2
"""Lambda's quota for a function and its layers, unzipped (Lambda quotas, "Deployment package size")."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: packages that uv.lock pins for `package` or for the root's dependency `group`, and perhaps our source.

    `on` names layers that always come with this one: what they hold is left out of it.
    """

    name: str
    description: str
    package: str | None = None
    group: str | None = None
    source: Path | None = None
    on: tuple[str, ...] = ("core",)

    def requirements(self) -> dict[str, str]:
        """Return the packages it holds: name -> locked requirement. Raises BundlingError."""
        below = {name for layer in self.on for name in LAYERS[layer].all_requirements()}
        return {name: line for name, line in self.all_requirements().items() if name not in below}

    def all_requirements(self) -> dict[str, str]:
        """Return what it needs, also where another layer holds it. Raises BundlingError."""
        return _export(self.package, self.group)


LAYERS: Final = {
    layer.name: layer
    for layer in (
        Layer(
            "core",
            "stepweave: model, expressions, runtime",
            package="stepweave",
            source=ROOT / "layers" / "core" / "src" / "stepweave",
            on=(),
        ),
        Layer(
            "data",
            "stepweave_data: Postgres, Redis",
            package="stepweave-data",
            source=ROOT / "layers" / "data" / "src" / "stepweave_data",
        ),
        Layer(
            "ai",
            "stepweave_ai: language models, with the providers' SDKs",
            package="stepweave-ai",
            source=ROOT / "layers" / "ai" / "src" / "stepweave_ai",
        ),
        Layer("api", "FastAPI and what else the API needs", group="layer-api"),
        Layer("migrate", "Alembic", group="layer-migrate", on=("core", "data")),
        Layer("crypto", "cryptography, PyJWT, for nodes", group="layer-crypto"),
        Layer("feeds", "feedparser, for nodes", group="layer-feeds"),
        Layer("images", "Pillow and a font, for nodes", group="layer-images"),
        Layer("locales", "Babel's locale data, for nodes", group="layer-locales"),
        Layer("markup", "HTML and Markdown, for nodes", group="layer-markup"),
        Layer("office", "spreadsheets: openpyxl, xlrd, defusedxml, for nodes", group="layer-office"),
        Layer("pdf", "pypdf, for nodes", group="layer-pdf"),
        Layer("pdf-pages", "fpdf2 and Markdown, for nodes", group="layer-pdf-pages", on=("core", "images")),
        Layer("schemas", "JSON Schema, for nodes", group="layer-schemas"),
        Layer("mongo", "pymongo, for nodes", group="layer-mongo"),
        Layer("redis", "redis-py, for nodes", group="layer-redis"),
        Layer("ssh", "asyncssh, for nodes", group="layer-ssh"),
        Layer("pg", "psycopg with libpq, for nodes", group="layer-pg"),
        Layer("mysql", "PyMySQL, for nodes", group="layer-mysql", on=("core", "crypto")),
        Layer("tds", "python-tds, for nodes", group="layer-tds", on=("core", "crypto")),
    )
}


@cache
def _export(package: str | None, group: str | None) -> dict[str, str]:
    return export(package, group, RUNTIME_PROVIDES)
