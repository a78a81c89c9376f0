"""Frozen steps of the tables' shape, in order; see ``core.migration``."""
