"""intake: takes dossier events over HTTP, judges their form, appends them to Kafka.

Where to look: what an event must look like is in `domain.contract`, what it must mean in
`domain.checks`, the answer to a request in `application.accept`, the log in
`adapters.kafka_log`, and HTTP in `entrypoints`.
"""
