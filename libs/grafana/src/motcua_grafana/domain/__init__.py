"""Pure: the wanted state from the registry, the seen state, and the plan between them."""
