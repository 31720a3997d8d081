"""API keys of publishers and accounts: issued, rotated, revoked in the registry."""
