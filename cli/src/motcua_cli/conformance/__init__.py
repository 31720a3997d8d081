"""A test kit: does the door behave, and does a publisher; with a report in both languages."""
