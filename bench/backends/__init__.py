"""FastStream's two Kafka backends side by side: aiokafka and confluent (ADR 0002)."""
