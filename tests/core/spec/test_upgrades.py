"""A saved node becomes one of the next version of its type; the editor goes by the same table."""

import json
from pathlib import Path
from typing import Any

import pytest

from stepweave.spec.upgrades import Upgrade, upgraded

TABLE = json.loads((Path(__file__).parents[2] / "contract" / "upgrades.json").read_text())
EMPTY: dict[str, Any] = Upgrade("Something is different.").to_json()


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: json.dumps(case["upgrade"]))
def test_parameters_become_those_of_the_next_version(case: dict[str, Any]) -> None:
    upgrade = Upgrade.from_json({**EMPTY, **case["upgrade"]})
    assert upgraded(case["params"], upgrade) == case["becomes"]
    assert Upgrade.from_json(json.loads(json.dumps(upgrade.to_json()))) == upgrade
