"""What an event must look like and mean, without HTTP and Kafka."""
