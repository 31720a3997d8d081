"""What the user types: options, and the words printed; the work is done elsewhere."""
