"""Reads of oversight, one module for each page or paper."""
