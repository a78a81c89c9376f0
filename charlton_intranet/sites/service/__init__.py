"""Use cases around sites: requests, sites in use, networks and mailboxes, appointments."""
