#!/usr/bin/env bash
# As apache/kafka: KAFKA_LOG_DIRS is log.dirs and so on; an empty folder is formatted first.
set -euo pipefail
properties=/tmp/server.properties
env | grep '^KAFKA_' | grep -v '^KAFKA_HEAP_OPTS=' | while IFS='=' read -r name value; do
    name="${name#KAFKA_}"
    name="${name,,}"
    printf '%s=%s\n' "${name//_/.}" "$value"
done > "$properties"
java=(/opt/java/bin/java ${KAFKA_HEAP_OPTS:-} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*')
"${java[@]}" kafka.tools.StorageTool format --ignore-formatted --cluster-id "$CLUSTER_ID" --config "$properties"
exec "${java[@]}" kafka.Kafka "$properties"
