"""The app as the CDK command line starts it."""

import os
import subprocess
import sys

import pytest

from stacks.bundling.uv import ROOT

pytestmark = pytest.mark.synth


def test_without_an_environment_the_app_says_what_to_give_and_ends_with_status_1() -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CDK_")}
    done = subprocess.run(
        [sys.executable, "-m", "stacks.app"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "stepweave: context env is None; give one of: --context env=local" in done.stderr
    assert "Traceback" not in done.stderr
