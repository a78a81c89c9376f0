"""What every page shares: the guard, the answers, headers, error pages, filters."""
