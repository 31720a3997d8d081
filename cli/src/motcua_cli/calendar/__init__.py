"""A change of the registry asked about beforehand, applied, and shown with what it restated."""
