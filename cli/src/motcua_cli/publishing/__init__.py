"""Deliveries to intake's HTTP API: each publisher's in order, several publishers at once."""
