"""Evidence: sealed copies of what was published, kept by the digest of their content."""
