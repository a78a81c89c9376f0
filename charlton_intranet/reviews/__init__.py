"""Regular reviews of sites (policy 3.6-1)."""
