"""What sandboxes' processes may ask the kernel: the filter, read as the kernel reads it, and a process that has it."""

import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import pytest

from stepweave.expressions import system_calls
from stepweave.expressions.system_calls import ALWAYS, ARM64, MMAP, MPROTECT, PRLIMIT, READ, WRITE, X86_64, program_of

ALLOWED, KILLED, REFUSED = 0x7FFF0000, 0x80000000, 0x00050001
MACHINES = [(X86_64, 0), (ARM64, 1)]


def answer(machine: int, number: int, *arguments: int, program: Any = None) -> int:
    """Return what a filter answers to a call, as the kernel's BPF machine reads it (net/core/filter.c)."""
    words = {0: number, 4: machine} | {16 + 8 * at: value & 0xFFFFFFFF for at, value in enumerate(arguments)}
    lines = program or program_of(machine, (0,), (1,), own_limits=True)
    at, word = 0, 0
    while True:
        code, yes, no, value = lines[at]
        at += 1
        match code:
            case 0x20:
                word = words[value]
            case 0x54:
                word &= value
            case 0x15:
                at += yes if word == value else no
            case 0x35:
                at += yes if word >= value else no
            case 0x06:
                return int(value)
            case _:
                raise AssertionError(code)


@pytest.mark.parametrize(("machine", "column"), MACHINES)
def test_all_calls_but_those_of_the_list_are_refused(machine: int, column: int) -> None:
    known = {numbers[column] for numbers in ALWAYS.values()}
    asked = {READ[column], WRITE[column], MMAP[column], MPROTECT[column], PRLIMIT[column]}
    for number in set(range(600)) - asked:
        assert answer(machine, number, 0, 0, 0, 0) == (ALLOWED if number in known else REFUSED), number


@pytest.mark.parametrize(("machine", "column"), MACHINES)
@pytest.mark.parametrize(
    ("call", "arguments", "expected"),
    [
        (READ, (0,), ALLOWED),
        (READ, (1,), REFUSED),
        (WRITE, (1,), ALLOWED),
        (WRITE, (2,), REFUSED),
        (MMAP, (0, 4096, 3, 0x22), ALLOWED),
        (MMAP, (0, 4096, 7, 0x22), REFUSED),
        (MMAP, (0, 4096, 4, 0x22), REFUSED),
        (MMAP, (0, 4096, 1, 0x02), REFUSED),
        (MPROTECT, (0, 4096, 3), ALLOWED),
        (MPROTECT, (0, 4096, 5), REFUSED),
        (PRLIMIT, (0, 0), ALLOWED),
        (PRLIMIT, (0, 9), REFUSED),
        (PRLIMIT, (1, 0), REFUSED),
    ],
)
def test_some_calls_depend_on_what_they_ask(
    machine: int, column: int, call: tuple[int, int], arguments: tuple[int, ...], expected: int
) -> None:
    assert answer(machine, call[column], *arguments) == expected


def test_another_architectures_calls_end_the_process_or_are_refused() -> None:
    program = program_of(X86_64, (), (1,))
    assert answer(0x40000003, 11, program=program) == KILLED  # i386's execve
    assert answer(X86_64, 0x40000000 | 59, program=program) == REFUSED  # x32's


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_a_locked_process_reaches_nothing() -> None:
    tries: list[Callable[[], object]] = [
        lambda: os.open("/etc/passwd", os.O_RDONLY),
        lambda: os.listdir("/"),  # noqa: PTH208  # the call itself
        os.fork,
        socket.socket,
        lambda: os.kill(os.getppid(), 0),
        lambda: os.execv("/bin/true", ["true"]),
        os.getcwd,
        lambda: os.read(0, 1),
        lambda: os.write(2, b"x"),
        lambda: os.dup2(1, 5),
        os.pipe,
    ]
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        system_calls.lock((), (writing,))
        for attempt in tries:
            try:
                attempt()
                os.write(writing, b"!")
            except OSError as error:
                os.write(writing, b"." if error.errno == 1 else b"?")
        os._exit(0)
    os.close(writing)
    assert b"".join(iter(lambda: os.read(reading, 100), b"")) == b"." * len(tries)
    assert os.waitpid(pid, 0)[1] == 0
    os.close(reading)


def test_where_nothing_can_be_locked_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "freebsd14")
    with pytest.raises(system_calls.Unsupported, match="no sandbox for freebsd14"):
        system_calls.lock((), ())
