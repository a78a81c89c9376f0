"""Record sheets of sites and departments (3.7): one set of sections for the page, CSV and JSON."""
