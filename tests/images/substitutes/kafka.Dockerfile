# Stands where apache/kafka does: the jars and the Java of the local stack, the same variables.
FROM motcua-test-base
COPY java /opt/java
COPY jars /opt/kafka/libs
COPY kafka.sh /opt/kafka/
RUN useradd --uid 1000 --user-group appuser && mkdir -p /var/lib/kafka/data \
    && chown appuser:appuser /var/lib/kafka/data
USER appuser
CMD ["bash", "/opt/kafka/kafka.sh"]
