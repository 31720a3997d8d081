"""The Grafana dashboards (bảng theo dõi) as code: `python -m motcua_dashboards` writes the JSON."""
