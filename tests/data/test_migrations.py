"""Migrations are one line: each follows the one before, and is called by its number."""

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from stepweave_data import migrations

FOLDER = Path(migrations.__file__).parent


def test_each_migration_follows_the_one_before() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    files = sorted(path.name for path in (FOLDER / "versions").glob("[0-9]*.py"))
    numbers = [name[:4] for name in files]
    assert numbers == [f"{number:04}" for number in range(1, len(files) + 1)], files
    line = [(script.revision, script.down_revision) for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert line == list(zip(reversed(numbers), [*reversed(numbers[:-1]), None], strict=True))
