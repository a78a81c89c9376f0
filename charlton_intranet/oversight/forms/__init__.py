"""Forms of oversight and settings; shape only."""
