"""Security incidents (policy 3.8)."""
