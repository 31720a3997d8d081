"""Where alerts go: Alertmanager's configuration, made from the registry."""
