"""The catalogue that the command line compiles against: the committed one."""

import json

from local.settings import ROOT
from stepweave.spec.catalogue import Catalogue


def load_catalogue() -> Catalogue:
    """Return the catalogue of `docs/reference/catalog.json`."""
    return Catalogue.from_json(json.loads((ROOT / "docs" / "reference" / "catalog.json").read_text(encoding="utf-8")))
