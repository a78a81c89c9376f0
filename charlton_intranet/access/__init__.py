"""Who really is on the town's pages, held against who may be: admin lists, access reviews, leavers (policy 3.3)."""
