"""Takes from this process every call of the kernel but a few: seccomp on Linux, Seatbelt on macOS.

For processes that run people's code. Whatever gets out of an interpreter, native code too, can then compute, ask for
memory, look at the clock and the kernel's random bytes, and read and write the pipes it has: no files, sockets,
processes, signals to others, nothing of another process's memory. It cannot be taken back (prctl(2), seccomp(2)), and
needs no rights: `no_new_privs` is set first.

Calls that are not allowed fail with EPERM, so that an interpreter raises an error of its own rather than dying. Numbers
are those of Linux's tables for the two architectures that Lambda has (arch/x86/entry/syscalls/syscall_64.tbl and
include/uapi/asm-generic/unistd.h). Imports built-in modules and `ctypes` only: sandboxes' processes load it as it lies
here.
"""

import ctypes
import struct
import sys

X86_64, ARM64 = 0xC000003E, 0xC00000B7
"""AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 (linux/audit.h)."""
ALWAYS = {
    # name: (x86_64, arm64)
    "brk": (12, 214),
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "futex": (202, 98),
    "getpid": (39, 172),
    "getrandom": (318, 278),
    "getrusage": (98, 165),
    "gettid": (186, 178),
    "gettimeofday": (96, 169),
    "madvise": (28, 233),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "nanosleep": (35, 101),
    "restart_syscall": (219, 128),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "sigaltstack": (131, 132),
    "time": (201, -1),
}
"""Calls that reach nothing outside of the process."""
READ, WRITE, MMAP, MPROTECT, PRLIMIT = (0, 63), (1, 64), (9, 222), (10, 226), (302, 261)
_PROT_EXEC, _MAP_ANONYMOUS, _RLIMIT_CPU = 4, 0x20, 0
_PR_SET_DUMPABLE, _PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 4, 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001
"""SECCOMP_RET_ALLOW, SECCOMP_RET_KILL_PROCESS, and SECCOMP_RET_ERRNO with EPERM (linux/seccomp.h)."""
_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
"""BPF: a word of the call's data, a mask over it, jumps and the answer (linux/bpf_common.h)."""
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Offsets in struct seccomp_data."""
_X32 = 0x40000000
_SEATBELT = b"(version 1)(deny default)"


class Unsupported(Exception):
    """This system cannot take the calls away; people's code must not run here."""


def lock(reads: "tuple[int, ...]", writes: "tuple[int, ...]", *, own_limits: bool = False) -> None:
    """Leave this process nothing but memory, the clock, random bytes and some open files.

    Args:
        reads: descriptors that it may still read.
        writes: those that it may still write.
        own_limits: whether it may still change its own limit of processor time (`RLIMIT_CPU`).

    Raises:
        Unsupported: neither Linux on x86_64 or arm64 with seccomp, nor macOS.
    """
    if sys.platform == "darwin":
        _seatbelt()
        return
    machine = _machine()
    program = b"".join(struct.pack("HBBI", *line) for line in program_of(machine, reads, writes, own_limits))
    library = ctypes.CDLL(None, use_errno=True)

    class Program(ctypes.Structure):
        """struct sock_fprog."""

        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))

    filled = Program(len(program) // 8, program)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or library.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filled), 0, 0
    ):
        raise Unsupported(f"seccomp is not to be had here (error {ctypes.get_errno()})")


def die_with_parent() -> None:
    """Let the kernel end this process when the one that forked it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)


def hide() -> None:
    """Keep processes of the same user from reading this one's memory and environment through /proc (proc(5))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def program_of(
    machine: int, reads: "tuple[int, ...]", writes: "tuple[int, ...]", own_limits: bool = False
) -> "list[tuple[int, int, int, int]]":
    """Return the filter for an architecture as BPF instructions: (code, jump if true, jump if false, value)."""
    at = 0 if machine == X86_64 else 1
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _REFUSE),
    ]
    for numbers in ALWAYS.values():
        if numbers[at] >= 0:
            lines += [(_EQUAL, 0, 1, numbers[at]), (_RETURN, 0, 0, _ALLOW)]
    for call, descriptors in ((READ, reads), (WRITE, writes)):
        lines += _when(call[at], [check for each in descriptors for check in _argument(0, each)])
    # No memory that can be executed, and none that a file lies behind.
    anonymous = [
        *_masked(2, _PROT_EXEC, 0),
        *_masked(3, _MAP_ANONYMOUS, _MAP_ANONYMOUS),
    ]
    lines += _when(MMAP[at], _all(anonymous))
    lines += _when(MPROTECT[at], _all(_masked(2, _PROT_EXEC, 0)))
    if own_limits:
        lines += _when(PRLIMIT[at], _all([*_masked(0, 0xFFFFFFFF, 0), *_masked(1, 0xFFFFFFFF, _RLIMIT_CPU)]))
    return [*lines, (_RETURN, 0, 0, _REFUSE)]


def _when(number: int, body: "list[tuple[int, int, int, int]]") -> "list[tuple[int, int, int, int]]":
    """Return a body that is run for one call only, and refuses what it did not allow."""
    return [(_EQUAL, 0, len(body) + 1, number), *body, (_RETURN, 0, 0, _REFUSE)]


def _argument(index: int, value: int) -> "list[tuple[int, int, int, int]]":
    """Return lines that allow a call whose argument is a value."""
    return [(_LOAD, 0, 0, _ARGUMENTS + 8 * index), (_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW)]


def _masked(index: int, mask: int, value: int) -> "list[tuple[int, int, int, int]]":
    """Return lines that go on where the masked argument is a value; the last one's else is filled in by `_all`."""
    return [(_LOAD, 0, 0, _ARGUMENTS + 8 * index), (_AND, 0, 0, mask), (_EQUAL, 0, -1, value)]


def _all(checks: "list[tuple[int, int, int, int]]") -> "list[tuple[int, int, int, int]]":
    """Return checks behind which the call is allowed; what fails one of them jumps over that."""
    end = len(checks)
    filled = [(code, yes, end - place if no < 0 else no, value) for place, (code, yes, no, value) in enumerate(checks)]
    return [*filled, (_RETURN, 0, 0, _ALLOW)]


def _machine() -> int:
    import posix

    name = posix.uname().machine
    if sys.platform != "linux" or struct.calcsize("P") != 8 or name not in ("x86_64", "aarch64", "arm64"):
        raise Unsupported(f"there is no sandbox for {sys.platform} on {name}")
    return X86_64 if name == "x86_64" else ARM64


def _seatbelt() -> None:
    """macOS's own sandbox, which denies by default (sandbox_init(3), as Chromium's helper processes use it)."""
    words = ctypes.c_char_p()
    if ctypes.CDLL(None).sandbox_init(_SEATBELT, 0, ctypes.byref(words)):
        raise Unsupported(f"Seatbelt is not to be had here ({words.value!r})")
