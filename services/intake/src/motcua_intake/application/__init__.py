"""The one thing that intake does, between its ports."""
