"""The pages and documents that other teams read, made from schemas, topic files and code."""
