"""The log as intake writes it."""
