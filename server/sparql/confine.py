"""A worker's rights, given up for good: no socket, no other program, no file but the store, no end of memory.

Scanning a query for words that reach outside was bypassed; a right that is gone cannot be used, however the
query is spelled. The kernel holds this, not Python: seccomp refuses the calls, Landlock the files.
RLIMIT_NOFILE would do both at once, but RocksDB opens the tables of a larger store only when it needs them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from pathlib import Path
from typing import Final, NamedTuple


def before_opening(store: Path) -> bool:
    """Give up sockets, programs and files; False where this system cannot (then see ``after_opening``).

    The threads that RocksDB starts inherit this, so it comes before the store is opened. Everything must be
    imported by then.
    """
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    _keep_files(libc, store)
    return _refuse_calls(libc, _MACHINES[platform.machine()])


def after_opening(megabytes: int, size: int, *, is_confined: bool) -> None:
    """Leave no core dump, and grow by no more than this; ``size`` is the address space in use, 0 if unknown.

    Where the kernel cannot refuse single calls, no descriptor may be opened any more: that is as safe, but a
    query fails on a store of more than 16 tables, which RocksDB opens late.
    """
    if not is_confined:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if size:
        limit = size + megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


class _Machine(NamedTuple):
    """A processor: how the kernel calls it, and its numbers of socket(2) and of the refused calls."""

    audit: int
    socket: int
    refused: tuple[int, ...]


_MACHINES: Final = {
    # connect, socketpair, execve, execveat, ptrace, process_vm_readv, .._writev, io_uring_setup
    "x86_64": _Machine(0xC000003E, 41, (42, 53, 59, 322, 101, 310, 311, 425)),
    "aarch64": _Machine(0xC00000B7, 198, (203, 199, 221, 281, 117, 270, 271, 425)),
}
_X32: Final = 0x40000000
"""Numbers from here are x86_64's second way to make the same calls."""

_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EACCES
_END_PROCESS: Final = 0x80000000
"""By SIGSYS: who calls out ends the worker, since inside EXISTS a refused call would count as true."""

_LOAD: Final = 0x20
_IF_EQUAL: Final = 0x15
_IF_AT_LEAST: Final = 0x35
_RETURN: Final = 0x06
_NUMBER, _ARCHITECTURE = 0, 4
"""Where both stand in struct seccomp_data."""


def _refuse_calls(libc: ctypes.CDLL, machine: _Machine) -> bool:
    """Install a filter (seccomp(2), BPF): socket(2) ends the process, the other calls fail with EACCES."""
    count = len(machine.refused)
    program = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_IF_EQUAL, machine.audit, yes=1),
        _step(_RETURN, _REFUSE),
        _step(_LOAD, _NUMBER),
        _step(_IF_EQUAL, machine.socket, yes=count + 3),
        _step(_IF_AT_LEAST, _X32, yes=count + 1),
        *(_step(_IF_EQUAL, number, yes=count - place) for place, number in enumerate(machine.refused)),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _REFUSE),
        _step(_RETURN, _END_PROCESS),
    ]
    code = ctypes.create_string_buffer(b"".join(program))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, head, 0, 0) == 0)


def _step(code: int, value: int, *, yes: int = 0) -> bytes:
    """Return a struct sock_filter; ``yes`` is how many steps to leap when it holds."""
    return struct.pack("=HBBI", code, yes, 0, value)


_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_PATH_BENEATH: Final = 1
_READ: Final = 1 << 2 | 1 << 3
_EVERYTHING: Final = (1 << 13) - 1
"""What the first version of Landlock can hold back: execute, write, read, list, make, remove."""

_CERTIFICATES: Final = tuple(
    Path(each)
    for each in ("/etc/ssl", "/etc/pki", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates")
)
"""The engine's HTTP client ends the process where it finds none, before it is refused a socket."""


def _keep_files(libc: ctypes.CDLL, store: Path) -> None:
    """Leave only the store and the certificates to read, and nothing to write (landlock(7)).

    An older kernel leaves more to read; nothing in SPARQL opens a file even there.
    """
    attributes = struct.pack("=Q", _EVERYTHING)
    rules = libc.syscall(_LANDLOCK_CREATE, attributes, len(attributes), 0)
    if rules < 0:
        return
    for folder in (store, *_CERTIFICATES):
        if folder.is_dir():
            place = os.open(folder, os.O_PATH)
            libc.syscall(_LANDLOCK_ADD, rules, _PATH_BENEATH, struct.pack("=Qi", _READ, place), 0)
            os.close(place)
    libc.syscall(_LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)
