"""A small invented town that shows every state of every lifecycle."""
