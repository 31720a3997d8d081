"""Adapters shared by the services: the only place, besides theirs, where I/O happens."""
