"""Serving on one machine: granian for the pages, the scheduler as a process of its own beside it."""

import subprocess
import sys
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from charlton_intranet.settings import Settings, hand_on

STOP_SECONDS = 10


def serve(settings: Settings, *, with_scheduler: bool) -> None:
    """Serve until the process is told to stop; then both stop in their own time."""
    hand_on(settings)
    timetable = None
    if with_scheduler:
        timetable = subprocess.Popen([sys.executable, "-m", "charlton_intranet", "scheduler"])
    try:
        Granian(
            "charlton_intranet:create_app",
            factory=True,
            interface=Interfaces.WSGI,
            address=settings.bind,
            port=settings.port,
            workers=1,
            blocking_threads=settings.threads,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
            ssl_cert=Path(settings.tls_certificate) if settings.tls_certificate else None,
            ssl_key=Path(settings.tls_key) if settings.tls_key else None,
        ).serve()
    finally:
        if timetable is not None:
            timetable.terminate()
            try:
                timetable.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                timetable.kill()
