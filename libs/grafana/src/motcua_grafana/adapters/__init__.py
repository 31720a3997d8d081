"""The port over the two Python libraries."""
