"""Addresses of static files that change with their content, so browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from charlton_intranet.core.resources import folder, vendor_names


@lru_cache(maxsize=256)
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a vendor file by its plain name, or of an own file by its path below ``static``."""
    vendor = vendor_names().get(name)
    if vendor is not None:
        return f"/static/vendor/{vendor}"
    return f"/static/{name}?v={_digest(folder('static') / name)}"
