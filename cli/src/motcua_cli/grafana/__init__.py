"""What `motcua grafana` shows, and where its token comes from."""
