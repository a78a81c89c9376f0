"""What is seen on a site, and what the town decides about it."""
