"""PostgreSQL, Kafka."""
