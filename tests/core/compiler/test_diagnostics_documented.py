"""Every diagnostic code is documented, and nothing else is."""

import re
from pathlib import Path

from local.settings import ROOT

SOURCES = (
    *sorted((ROOT / "layers/core/src/stepweave/compiler").rglob("*.py")),
    ROOT / "api/services/callees.py",
    ROOT / "api/services/publishing/schedules.py",
    ROOT / "api/services/publishing/trigger_refusals.py",
)
GIVEN = re.compile(r'(?:code=|"code": |_edge\(|_duplicate\(|_warning\(\s*node, )"([a-z_]+)"')


def test_the_reference_has_exactly_the_codes_there_are() -> None:
    given = {code for source in SOURCES for code in GIVEN.findall(Path(source).read_text(encoding="utf-8"))}
    page = (ROOT / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")
    assert given == set(re.findall(r"^\| `([a-z_]+)` \| (?:error|warning)", page, re.MULTILINE))
