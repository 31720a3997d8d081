"""Publishes dossier events to Motcua."""
