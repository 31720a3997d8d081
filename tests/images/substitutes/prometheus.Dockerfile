# Stands where prom/prometheus and prom/alertmanager do: Debian's programs.
FROM motcua-test-base
COPY prometheus alertmanager busybox /bin/
COPY templates /usr/share/prometheus/alertmanager
RUN ln -s busybox /bin/wget && mkdir -p /prometheus /alertmanager \
    && chown 65534:65534 /prometheus /alertmanager
USER 65534:65534
WORKDIR /
ENTRYPOINT ["/bin/prometheus"]
