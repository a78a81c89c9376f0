"""Who may do what on which site: designations, approvals, and authority computed from them (policy 3.3, 3.4-1)."""
