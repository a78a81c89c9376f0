"""Reads of grants, and of the authority that follows from them."""
