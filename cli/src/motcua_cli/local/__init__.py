"""The whole system on this machine: servers, topics, tables, the three services."""
