"""Proofs: the trail, the evidence, a certificate."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from charlton_intranet.cli.base import FAILED, json_option, main, parts_of, show


@main.command()
@click.option("--anchor", "anchors", multiple=True, help="A head kept elsewhere, as NUMBER:DIGEST.")
@json_option
@click.pass_context
def verify(ctx: click.Context, *, anchors: tuple[str, ...], as_json: bool) -> None:
    """Walk the audit chain and read every piece of evidence; exit code 1 at the first fault."""
    from charlton_intranet.core import audit
    from charlton_intranet.core.database import connection
    from charlton_intranet.evidence.fixity import check as check_evidence

    parts = parts_of(ctx)
    with connection():
        chain = audit.verify([_anchor(text) for text in anchors])
        evidence = check_evidence(parts.store)
    fault = f"event {chain.fault.number}: {chain.fault.reason}" if chain.fault else None
    lines = [f"Audit trail: {chain.events} events, head {chain.head}, {fault or 'whole'}."]
    lines.append(
        f"Evidence: {evidence.pieces} pieces, {evidence.files} files of records, {evidence.bytes} bytes, "
        f"{len(evidence.faults)} faults."
    )
    lines += [f"  {which}: {reason}" for which, reason in evidence.faults]
    facts = {
        "audit": {"events": chain.events, "head": chain.head, "fault": fault},
        "evidence": asdict(evidence),
    }
    show(facts, "\n".join(lines), as_json=as_json)
    if chain.fault or evidence.faults:
        sys.exit(FAILED)


def _anchor(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise click.BadParameter(f"{text!r} is not NUMBER:DIGEST", param_hint="--anchor")
    return int(number), digest


@main.command("verify-certificate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The policy's text to compare."
)
@click.option("--seal", default="", help="The seal as it was kept elsewhere; needed for a record without its PDF.")
@json_option
def verify_certificate(*, file: Path, policy: Path | None, seal: str, as_json: bool) -> None:
    """Compute the certificate FILE again, a PDF or a record; needs no database; exit code 1 when it does not hold."""
    from charlton_intranet.policy.verifying import verify as verify_file

    report = verify_file(file.read_bytes(), policy=policy.read_bytes() if policy else None, seal=seal)
    show({"verified": report.holds, **asdict(report)}, "\n".join(report.lines()), as_json=as_json)
    if not report.holds:
        sys.exit(FAILED)
