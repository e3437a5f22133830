"""Generated files: those of the checkout are current, and stale ones are found and written anew."""

from pathlib import Path

import pytest

from functions.nodes import generate


def test_the_committed_files_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0, capsys.readouterr().err


def test_stale_files_are_found_and_written_anew_and_pages_left_over_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left_over, own = tmp_path / "nodes" / "gone.md", tmp_path / "contracts.md"
    left_over.parent.mkdir()
    left_over.write_text("of a node that was")
    own.write_text("written by people")
    assert generate.main(["--check", "--folder", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert all(f"{name} is stale. Run: make generate" in said for name in ("catalog.json", "if.md", "gone.md"))
    assert left_over.exists()
    assert generate.main(["--folder", str(tmp_path)]) == 0
    assert generate.main(["--check", "--folder", str(tmp_path)]) == 0
    assert (left_over.exists(), own.read_text()) == (False, "written by people")
