# tools: the motcua command, with the sample district, and the tools of processing.
# From the repository's root: docker build -f deploy/images/tools.Dockerfile .
ARG BASE_IMAGE=python:3.11.14-slim-bookworm

# What the command needs of the base: Python, the libraries below it, certificates.
FROM ${BASE_IMAGE} AS root
COPY deploy/images/root.py /build/
RUN python3 /build/root.py /build/root

# The command with its libraries, in /opt/motcua.
FROM ${BASE_IMAGE} AS build
COPY deploy/images/install.sh deploy/images/trim.py /build/
COPY requirements/build.txt requirements/tools.txt /build/requirements/
RUN sh /build/install.sh libraries tools
COPY proto /build/proto
COPY libs /build/libs
COPY client /build/client
COPY cli /build/cli
COPY services/processing /build/services/processing
RUN sh /build/install.sh packages proto libs/kernel libs/platform libs/grafana client cli services/processing
# The samples are read where they lie: registry files beside the code.
COPY samples /opt/motcua/checkout/samples
RUN sh /build/install.sh paths /opt/motcua/checkout/samples/*/src
RUN sh /build/install.sh trim motcua_cli.main motcua_processing.rebuild
# Volumes mounted here are the command's own: keys of publishers, routes of alerts.
RUN mkdir -p /build/owned/keys /build/owned/routes

FROM scratch
COPY --from=root /build/root /
COPY --from=build /opt/motcua /opt/motcua
COPY --from=build --chown=10001:10001 /build/owned /
COPY deploy/local/pom.xml /opt/motcua/checkout/deploy/local/
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="motcua-tools" \
      org.opencontainers.image.description="The motcua command: topics, registry, keys, quarantine, the sample district" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.vendor="Motcua"
ENV PATH=/opt/motcua/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /opt/motcua/checkout
HEALTHCHECK NONE
ENTRYPOINT ["motcua"]
CMD ["--help"]
