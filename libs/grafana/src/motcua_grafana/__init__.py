"""Keeps Grafana in step with the registry: what should be, what is, what to do about it."""
