"""Reading files that strangers may have made, in a process of its own with bounds on what it may take.

A file can be made so that reading it takes hours or fills the memory, and a thread can be neither stopped nor
bounded. So a child process reads it: this file, run as a program, bounds itself and then runs the reader, whose
answer is JSON. Neither imports anything of the app, so the child starts at once; whatever goes wrong ends it alone.

    python bounded.py SECONDS MEMORY READER ARGUMENTS...
"""

import json
import logging
import runpy
import subprocess
import sys
from typing import Any

MEMORY = 1_000_000_000  # bytes of address space; some of it is the interpreter's

log = logging.getLogger(__name__)


def answer_of(
    reader: str, *arguments: object, data: bytes, seconds: int, patience: float, memory: int = MEMORY
) -> dict[str, Any]:
    """What the program ``reader`` (a path) says of ``data``: ``{"refused": word}`` when it is not read.

    ``slow`` after ``seconds`` of processor time or ``patience`` of anybody's, ``broken`` when it ended without an
    answer.
    """
    # -P: nothing beside the process's working folder or beside this file takes the place of a library.
    command = [sys.executable, "-P", __file__, *map(str, (seconds, memory, reader, *arguments))]
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=patience, check=False)  # noqa: S603
        if child.returncode < 0:  # ended by the system, at its bound
            return {"refused": "slow"}
        found: dict[str, Any] = json.loads(child.stdout)
    except subprocess.TimeoutExpired:
        return {"refused": "slow"}
    except ValueError:
        log.warning("%s ended without an answer", reader)
        return {"refused": "broken"}
    return found


def bound(seconds: int, memory: int) -> None:
    """Bound what this process may take, where the system can; elsewhere its parent's patience bounds it."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    bound(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv = sys.argv[3:]
    runpy.run_path(sys.argv[0], run_name="__main__")
