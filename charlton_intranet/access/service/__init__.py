"""Use cases around who is on the pages: lists and proofs, access reviews, leavers."""
