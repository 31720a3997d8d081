"""The use cases, over ports that the adapters fill."""
