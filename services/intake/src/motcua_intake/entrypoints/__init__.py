"""HTTP, as publishers see it."""
