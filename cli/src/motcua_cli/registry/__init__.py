"""Registry entries from files to the registry topic: read, check, compare, write."""
