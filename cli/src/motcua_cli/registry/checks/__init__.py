"""What registry entries say about each other, one module per subject."""
