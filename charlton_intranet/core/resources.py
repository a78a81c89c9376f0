"""Where the app's files lie: inside the installed package, or beside it in a checkout."""

import json
from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """The folder ``templates`` or ``static``."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


@lru_cache(maxsize=1)
def vendor_names() -> dict[str, str]:
    """The published name of each vendor file by its plain one; raises ``RuntimeError`` before they are built."""
    path = folder("static") / "vendor" / "manifest.json"
    if not path.is_file():
        raise RuntimeError("static/vendor is not built: run python3 dev.py run, or install the wheel")
    return dict(json.loads(path.read_text("utf-8")))


def vendored(name: str) -> Path:
    """Where a vendor file lies."""
    return folder("static") / "vendor" / vendor_names()[name]
