"""Exported tables, read by a process of their own: a hostile file can only break that one."""
