"""Taking in a file of comments, batch by batch: CSV as networks export it, or the intake format (JSON lines).

A run is started by somebody and worked on in the background. Each batch is one transaction: cases, what makes
them findable, refusals, and how far the run is; so a page can follow it, and a run that died goes on where it was.
"""

from charlton_intranet.moderation.comment_file import IMPORT_FIELDS
from charlton_intranet.moderation.importing.running import run_import, waiting_runs
from charlton_intranet.moderation.importing.starting import start_file, start_import, start_lines
from charlton_intranet.moderation.queries import all_refusals as refusals

__all__ = ["IMPORT_FIELDS", "refusals", "run_import", "start_file", "start_import", "start_lines", "waiting_runs"]
