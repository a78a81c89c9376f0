"""Oversight: when digests go out and to whom, the clauses of the board, the words of the trail. Pure."""
