"""Exported tables (CSV, XLSX): one row is one dossier as the exporting system knows it."""
