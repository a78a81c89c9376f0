"""The command ``charlton-intranet``: thin commands around the same parts that the web app uses."""

from charlton_intranet.cli import exchanging, keeping, measuring, proving, serving, setting_up
from charlton_intranet.cli.base import main

__all__ = ["exchanging", "keeping", "main", "measuring", "proving", "serving", "setting_up"]
