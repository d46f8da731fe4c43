"""What the machine has left while a file is read, and which ends of the parser process are its doing.

A process that someone or the system killed says nothing about the file. One that broke down (a fault of the
parser, an abort) or lacked memory may be the file's doing or the machine's: it is the machine's while less
memory or disk is free than reading may need. Limits that we set are the file's doing when it reaches them,
except the time on the clock: processor time ends first where a file is to blame.
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
from pathlib import Path

from cf_pipeline.errors import MachineError, machine_error
from cf_pipeline.ingest.files.limits import MEGABYTE, Limits

LEAST_ROOM_MB = 16
"""Free disk below which a process that broke down may have lacked it."""
KILLS = frozenset(
    -number for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
)
"""Ends of a process that another one brings about; the system sends SIGKILL when memory is short."""
MEMORY_INFO = Path("/proc/meminfo")
CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
CONTAINER_USE = Path("/sys/fs/cgroup/memory.current")


def find_shortage(folder: Path, limits: Limits) -> OSError | MemoryError | None:
    """The error that stands for what the machine lacks to read a file in this folder; None for nothing."""
    if shutil.disk_usage(folder).free < LEAST_ROOM_MB * MEGABYTE:
        return OSError(errno.ENOSPC, "")
    own_limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    free = [free_memory_mb(), *([own_limit // MEGABYTE] if own_limit != resource.RLIM_INFINITY else [])]
    return MemoryError() if min(free) < limits.memory_mb else None


def free_memory_mb() -> int:
    """Megabytes of memory that a new process can have, on the machine and in its container."""
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        lines = dict(line.split(":", 1) for line in MEMORY_INFO.read_text().splitlines())
        available = int(lines["MemAvailable"].split()[0]) * 1024
        limit, used = CONTAINER_LIMIT.read_text().strip(), CONTAINER_USE.read_text().strip()
        available = available if limit == "max" else min(available, int(limit) - int(used))
    except (OSError, KeyError, ValueError):  # another system, or no container
        pass
    return available // MEGABYTE


def error_of_reading(location: str, folder: Path, error: BaseException) -> MachineError:
    """The error to raise when the machine kept a file from being read; `folder` has the temporary files."""
    place = "" if isinstance(error, MemoryError) else f" (temporary files are in {folder})"
    return machine_error(f"{location} could not be read{place}", error)


def error_of_kill(location: str) -> MachineError:
    """The error to raise when the process that read a file was killed, twice."""
    return MachineError(
        f"{location} could not be read: the process that reads it was killed, as the system does when memory "
        "is short; end other programs and run again. What was published before is unchanged."
    )


def error_of_clock(location: str, limits: Limits) -> MachineError:
    """The error to raise when reading did not end in time, although the processor had time left for it."""
    return MachineError(
        f"{location} could not be read within {limits.wall_seconds / 60:.0f} minutes: the machine is too "
        "busy or its disk too slow; run again when it is quieter. What was published before is unchanged."
    )
