"""Reading files that strangers may have made, in a process of its own with bounds on what it may take.

A file can be made so that reading it takes hours or fills the memory, and a thread can be neither stopped nor
bounded. So a child process reads it, under limits of its own, and answers with JSON; whatever goes wrong ends it alone.
"""

import json
import logging
import subprocess
import sys
from typing import Any

MEMORY = 1_000_000_000  # bytes

log = logging.getLogger(__name__)


def answer_of(module: str, *arguments: object, data: bytes, patience: float) -> dict[str, Any]:
    """What ``module``, run as a program, says of ``data``: ``{"refused": word}`` when it is not read.

    ``slow`` after ``patience`` seconds or at the child's own bound, ``broken`` when it ended without an answer.
    """
    # -P: nothing beside the process's working folder takes the place of our modules.
    command = [sys.executable, "-P", "-m", module, *map(str, arguments)]
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=patience, check=False)  # noqa: S603
        if child.returncode < 0:  # ended by the system, at its bound
            return {"refused": "slow"}
        found: dict[str, Any] = json.loads(child.stdout)
    except subprocess.TimeoutExpired:
        return {"refused": "slow"}
    except ValueError:
        log.warning("%s ended without an answer", module)
        return {"refused": "broken"}
    return found


def bound(seconds: int, memory: int = MEMORY) -> None:
    """Bound what this process may take, where the system can; elsewhere its parent's patience bounds it."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
