"""The supervisor with real processes: readiness, crashes, taken ports, stopping, no orphans."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from local.settings import HOST, ROOT
from local.stack.part import Part, PartError, RunningPart
from local.stack.ports import check_free, free_port
from local.stack.probes import http_ok, listening
from local.stack.supervisor import Supervisor


async def at_once() -> bool:
    return True


async def never() -> bool:
    return False


def python_part(
    tmp_path: Path, code: str, ready: Callable[[], Awaitable[bool]] = at_once, name: str = "part", **more: object
) -> Part:
    return Part(
        name=name,
        command=[sys.executable, "-c", textwrap.dedent(code)],
        ready=ready,
        log=tmp_path / f"{name}.log",
        environment={"PATH": os.environ["PATH"]},
        **more,  # type: ignore[arg-type]  # the test's own keyword arguments
    )


SERVE = """
    import http.server
    http.server.HTTPServer(("127.0.0.1", {port}), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def test_a_part_is_ready_when_its_port_answers_and_stops_when_told(tmp_path: Path) -> None:
    port = free_port()

    async def scenario() -> int:
        part = python_part(tmp_path, SERVE.format(port=port), http_ok(port, "/"))
        async with Supervisor() as supervisor:
            await supervisor.start([part])
            assert await listening(port)()
        assert not await listening(port)()
        return port

    asyncio.run(scenario())


def test_a_part_that_dies_at_start_is_named_with_its_log_and_remedy(tmp_path: Path) -> None:
    part = python_part(tmp_path, "raise SystemExit('no disk')", never, "redis", remedy="Buy a disk.")
    with pytest.raises(PartError) as caught:
        asyncio.run(RunningPart.start(part))
    text = str(caught.value)
    assert "redis ended with status 1" in text
    assert "no disk" in text
    assert str(tmp_path / "redis.log") in text
    assert "Buy a disk." in text


def test_a_part_that_is_never_ready_is_stopped_and_named(tmp_path: Path) -> None:
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    part = python_part(tmp_path, code, never, ready_seconds=1)
    with pytest.raises(PartError, match="part was not ready after 1 s"):
        asyncio.run(RunningPart.start(part))
    assert _is_gone(int((tmp_path / "part.log").read_text()))


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    part = Part("edge", [str(tmp_path / "none")], at_once, tmp_path / "edge.log")
    with pytest.raises(PartError, match="edge could not be started"):
        asyncio.run(RunningPart.start(part))


def test_a_part_that_dies_while_serving_wakes_the_supervisor(tmp_path: Path) -> None:
    async def scenario() -> PartError:
        async with Supervisor() as supervisor:
            lasting = python_part(tmp_path, "import time; time.sleep(60)", name="lasting")
            dying = python_part(tmp_path, "import os; print('out of luck', flush=True); os.abort()", name="dying")
            await supervisor.start([lasting, dying])
            return await supervisor.wait()

    text = str(asyncio.run(scenario()))
    assert "dying ended by signal SIGABRT" in text
    assert "out of luck" in text


def test_a_part_that_revives_is_started_again_and_its_log_goes_on(tmp_path: Path) -> None:
    said: list[str] = []
    code = """
        import os, pathlib, sys, time
        print("life", len(pathlib.Path(r"{log}").read_text().splitlines()) + 1, flush=True)
        time.sleep(60)
    """.format(log=tmp_path / "lives.log")

    async def scenario() -> PartError:
        part = python_part(tmp_path, code, name="lives", revives="It is started again.")
        async with Supervisor(said.append) as supervisor:
            await supervisor.start([part])
            died = asyncio.create_task(supervisor.wait())
            for life in range(1, 6):
                while f"life {life}" not in part.log.read_text() and not died.done():
                    await asyncio.sleep(0.02)
                if died.done():
                    break
                os.kill(supervisor._running[0].process.pid, signal.SIGKILL)
                while len(said) < 2 * life and not died.done():
                    await asyncio.sleep(0.02)
            return await died

    error = asyncio.run(asyncio.wait_for(scenario(), 60))
    assert "lives ended by signal SIGKILL" in str(error), "at the fourth time within two minutes it is given up"
    assert (tmp_path / "lives.log").read_text().split("\n") == ["life 1", "life 2", "life 3", "life 4", ""]
    assert said[1::2] == ["lives serves again"] * 3
    assert all("ended by signal SIGKILL" in text and "It is started again." in text for text in said[::2])


def test_a_part_that_serves_again_after_all_were_stopped_is_stopped_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = RunningPart.start

    async def scenario() -> int | None:
        part = python_part(tmp_path, "import time; time.sleep(60)", name="late", revives="It is started again.")
        async with Supervisor() as supervisor:
            made: list[RunningPart] = []

            async def start(part: Part, *, again: bool = False) -> RunningPart:
                if again:
                    await supervisor.stop()
                made.append(await begin(part, again=again))
                return made[-1]

            monkeypatch.setattr(RunningPart, "start", start)
            await supervisor.start([part])
            waiting = asyncio.create_task(supervisor.wait())
            os.kill(made[0].process.pid, signal.SIGKILL)
            while len(made) < 2:
                await asyncio.sleep(0.02)
            ended = await asyncio.wait_for(made[1].process.wait(), 20)
            assert not waiting.done()
            waiting.cancel()
            return ended

    assert asyncio.run(scenario()) is not None


def test_a_part_that_ignores_its_stop_signal_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.stack.part.STOP_SECONDS", 0.2)
    code = """
        import signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print(child.pid, flush=True)
        time.sleep(60)
    """
    log = tmp_path / "part.log"

    async def printed() -> bool:
        return log.read_text().strip().isdigit()

    async def scenario() -> int:
        async with Supervisor() as supervisor:
            await supervisor.start([python_part(tmp_path, code, printed)])
            return int(log.read_text())

    child = asyncio.run(scenario())
    assert _is_gone(child)


def test_parts_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("PR_SET_PDEATHSIG is Linux's")
    code = f"""
        import asyncio, sys
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from local.stack.part import Part, RunningPart
        async def main():
            async def ready():
                return True
            sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
            part = Part("p", sleep, ready, Path({str(tmp_path / "p.log")!r}))
            running = await RunningPart.start(part)
            print(running.process.pid, flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        assert psutil.pid_exists(child)
        supervisor.send_signal(signal.SIGKILL)
    assert _is_gone(child)


def test_a_taken_port_is_named_with_its_holder_and_the_variable_that_moves_it(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        part = python_part(tmp_path, "", name="postgres", ports={port: "STEPWEAVE_POSTGRES_PORT"})
        with pytest.raises(PartError) as caught:
            check_free([part])
    text = str(caught.value)
    assert f"port {port} for postgres is taken" in text
    assert f"process {os.getpid()}" in text
    assert "STEPWEAVE_POSTGRES_PORT" in text


def _is_gone(pid: int) -> bool:
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False
