"""Execution environments are forked from a parent that is warm, and are as if each had imported everything itself."""

import textwrap
from pathlib import Path
from typing import Any

import pytest

from local.emulator.functions.families import MANY
from tests.local.emulator.conftest import Made
from tests.local.emulator.support import Emulator, eventually, running, zipped

WARM = """
    import sys
    was_here = "shared" in sys.modules
    import os, shared
    def handler(event, context):
        return {"was_here": was_here, "value": shared.VALUE, "parent": os.getppid(), "name": shared.NAME}
"""
SHARED = "import os\nVALUE = os.environ.get('SHARED_VALUE', 'none')\nNAME = 'layer'\n"


def layer(emulator: Emulator, name: str, source: str, module: str = "shared") -> str:
    """Publish a layer with one module, unlike that of any other test; its ARN."""
    content = zipped({f"python/{module}.py": source, "python/name.txt": name})
    arn: str = emulator.client("lambda").publish_layer_version(LayerName=name, Content={"ZipFile": content})[
        "LayerVersionArn"
    ]
    return arn


def warmed(emulator: Emulator, arn: str, **options: Any) -> Any:
    """The answer of a function whose parent has imported the layer's module."""

    def look() -> Any:
        answer = emulator.invoke(emulator.function(WARM, Layers=[arn], **options))
        return answer if answer["was_here"] else None

    return eventually(look)


def test_a_parent_imports_what_functions_with_its_layers_have_imported(emulator: Emulator) -> None:
    arn = layer(emulator, "learned", SHARED)
    first = emulator.invoke(emulator.function(WARM, Layers=[arn]))
    assert not first["was_here"]
    assert warmed(emulator, arn)["parent"] == first["parent"]


def test_an_import_reads_the_variables_of_the_function_that_it_is_for(emulator: Emulator) -> None:
    arn = layer(emulator, "environment", SHARED)
    for value in ("one", "two", "one"):
        variables = {"Variables": {"SHARED_VALUE": value}}
        assert warmed(emulator, arn, Environment=variables)["value"] == value
    assert warmed(emulator, arn)["value"] == "none"


def test_an_import_may_look_for_programs_which_asks_for_a_variable_in_bytes(emulator: Emulator) -> None:
    arn = layer(emulator, "searching", SHARED + "os.get_exec_path()\n")
    assert warmed(emulator, arn)["value"] == "none"


def test_more_values_than_there_are_parents_are_served_too(emulator: Emulator) -> None:
    arn = layer(emulator, "values", SHARED)
    values = [str(number) for number in range(7)]
    functions = [
        emulator.function(WARM, Layers=[arn], Environment={"Variables": {"SHARED_VALUE": value}}) for value in values
    ]
    assert [emulator.invoke(function)["value"] for function in functions] == values


def test_a_module_of_the_functions_own_hides_the_layers(emulator: Emulator) -> None:
    arn = layer(emulator, "hidden", SHARED)
    warmed(emulator, arn)
    own = emulator.function(WARM, Layers=[arn], files={"shared.py": "VALUE = 'mine'\nNAME = 'code'"})
    assert emulator.invoke(own)["name"] == "code"


def test_functions_with_a_small_layer_of_their_own_come_from_the_parent_that_they_share(emulator: Emulator) -> None:
    shared, own = layer(emulator, "of-all", SHARED), layer(emulator, "of-one", "VALUE = 'one'\n", "mine")
    parent = warmed(emulator, shared)["parent"]
    both = emulator.function("import mine\n" + textwrap.dedent(WARM), Layers=[shared, own])
    answers = [emulator.invoke(both) for _ in range(2)]
    assert [(answer["was_here"], answer["parent"]) for answer in answers] == 2 * [(True, parent)]


def test_a_layer_above_hides_what_is_below(emulator: Emulator) -> None:
    below, above = layer(emulator, "below", SHARED), layer(emulator, "above", "VALUE = 'mine'\nNAME = 'above'")
    warmed(emulator, below)
    assert emulator.invoke(emulator.function(WARM, Layers=[below, above]))["name"] == "above"


MUCH = {f"much/m{number}.py": "" for number in range(MANY)}
LARGE = """
    import importlib, os, sys
    was_here = "much.m1" in sys.modules
    for number in range({many}):
        importlib.import_module(f"much.m{{number}}")
    {more}
    def handler(event, context):
        time.sleep(0.2)
        return {{"was_here": was_here, "pid": os.getpid(), "stream": os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]}}
"""


@pytest.mark.parametrize(
    ("more", "shared"),
    [
        ("import time", True),
        ("import time, threading; threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()", False),
        ("import time; everything = dict(os.environ)", False),
    ],
    ids=["alone", "with a thread", "reads all variables"],
)
def test_processes_of_a_large_function_share_its_own_code_where_that_is_safe(
    emulator: Emulator, more: str, shared: bool
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    function = emulator.function(LARGE.format(many=MANY, more=more), files=MUCH)
    assert not emulator.invoke(function)["was_here"]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: emulator.invoke(function), range(6)))
    assert any(answer["was_here"] for answer in answers) is shared
    assert len({answer["stream"] for answer in answers}) == len({answer["pid"] for answer in answers}) > 1


@pytest.mark.parametrize(
    ("more", "shared"), [("import time", True), ("import time; everything = dict(os.environ)", False)]
)
def test_a_process_that_imported_much_for_itself_is_replaced_once_by_one_that_shares_it(
    emulator: Emulator, more: str, shared: bool
) -> None:
    function = emulator.function(LARGE.format(many=MANY, more=more), files=MUCH)
    first = emulator.invoke(function)
    second = eventually(lambda: (found := emulator.invoke(function))["pid"] != first["pid"] and found)
    assert second["was_here"] is shared
    assert {emulator.invoke(function)["pid"] for _ in range(4)} == {second["pid"]}


LATE = """
    import importlib, os, sys
    for number in range({many}):
        importlib.import_module(f"much.m{{number}}")
    def handler(event, context):
        was_here = "late.m1" in sys.modules
        for number in range({many} if event else 0):
            importlib.import_module(f"late.m{{number}}")
        return {{"was_here": was_here, "pid": os.getpid()}}
"""


def test_what_a_large_function_imports_late_is_shared_as_well(emulator: Emulator) -> None:
    late = {name.replace("much", "late"): source for name, source in MUCH.items()}
    function = emulator.function(LATE.format(many=MANY), files={**MUCH, **late})
    first = emulator.invoke(function, 0)
    second = eventually(lambda: (found := emulator.invoke(function, 0))["pid"] != first["pid"] and found)
    emulator.invoke(function, 0)
    emulator.invoke(function, 1)
    third = eventually(lambda: (found := emulator.invoke(function, 1))["pid"] != second["pid"] and found)
    assert third["was_here"]
    assert {emulator.invoke(function, 1)["pid"] for _ in range(4)} == {third["pid"]}


def test_an_import_that_starts_a_thread_is_made_by_each_process_itself(emulator: Emulator) -> None:
    source = """
import queue, threading
asked, answered = queue.Queue(), queue.Queue()
def serve():
    while True:
        answered.put(asked.get() + 1)
threading.Thread(target=serve, daemon=True).start()
"""
    arn = layer(emulator, "threaded", source, "threaded")
    code = """
        import threaded
        def handler(event, context):
            threaded.asked.put(event)
            return threaded.answered.get(timeout=10)
    """
    for number in range(4):
        assert emulator.invoke(emulator.function(code, Layers=[arn]), number) == number + 1


def test_processes_of_one_parent_draw_different_random_numbers(emulator: Emulator) -> None:
    arn = layer(emulator, "random", SHARED + "import random, uuid\n")
    warmed(emulator, arn)
    code = """
        import random, shared, uuid
        def handler(event, context):
            return [random.random(), str(uuid.uuid4())]
    """
    drawn = [emulator.invoke(emulator.function(code, Layers=[arn])) for _ in range(3)]
    assert len({str(value) for pair in drawn for value in pair}) == 6


def test_a_function_that_reads_its_log_stream_at_import_gets_the_right_one_in_every_process(emulator: Emulator) -> None:
    from concurrent.futures import ThreadPoolExecutor

    function = emulator.function(
        """
        import os, time
        STREAM = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        def handler(event, context):
            time.sleep(0.1)
            return STREAM == os.environ["AWS_LAMBDA_LOG_STREAM_NAME"] == context.log_stream_name
        """
    )
    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(lambda _: emulator.invoke(function), range(24)))


def test_a_process_that_nobody_calls_ends_and_the_next_call_gets_another(make: Made, tmp_path: Path) -> None:
    with running(make(tmp_path, "--idle-seconds", "1")) as emulator:
        function = emulator.function("import os\ndef handler(event, context):\n    return os.getpid()")
        first = emulator.invoke(function)
        eventually(lambda: not Path(f"/proc/{first}").exists())
        assert emulator.invoke(function) != first


def test_a_parent_is_warm_at_once_after_a_restart(make: Made, tmp_path: Path) -> None:
    with running(make(tmp_path)) as emulator:
        arn = layer(emulator, "kept", SHARED)
        warmed(emulator, arn)
    with running(make(tmp_path)) as emulator:
        assert emulator.invoke(emulator.function(WARM, Layers=[arn]))["was_here"]


def test_without_forks_functions_run_all_the_same(make: Made, tmp_path: Path) -> None:
    with running(make(tmp_path, "--spawn")) as emulator:
        arn = layer(emulator, "spawned", SHARED)
        answers = [emulator.invoke(emulator.function(WARM, Layers=[arn])) for _ in range(2)]
        assert [answer["was_here"] for answer in answers] == [False, False]
