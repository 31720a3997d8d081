"""Tables sent to intake, and what it answers."""
