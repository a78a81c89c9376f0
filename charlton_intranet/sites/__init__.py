"""Networks, the town's sites on them, and who looks after each."""
