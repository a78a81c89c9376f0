"""My work, the clause board, the audit trail, settings and jobs."""
