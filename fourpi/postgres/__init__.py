"""PostgreSQL as Django knows it, but nobody waits without end for what it says."""
