"""Measuring what can be measured without a town."""

from dataclasses import asdict
from pathlib import Path

import click

from charlton_intranet.cli.base import json_option, main, show


@main.command("measure-suggestions")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--without", multiple=True, metavar="HELPER", help="Leave a helper out.")
@json_option
def measure_suggestions(*, file: Path, without: tuple[str, ...], as_json: bool) -> None:
    """Measure the helpers on the labelled CSV file FILE (text, policy_category, mapping); needs no database."""
    from charlton_intranet.moderation.suggestions.measuring import measure_file

    measured = measure_file(file.read_bytes(), frozenset(without))
    show(asdict(measured), "\n".join(measured.lines()), as_json=as_json)
