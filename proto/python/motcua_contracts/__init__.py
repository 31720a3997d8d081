"""The contracts between the services: topics here, messages in the generated package `motcua`."""
