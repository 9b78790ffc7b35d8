"""People and tenancy: users, organisations, memberships, the audit trail."""
