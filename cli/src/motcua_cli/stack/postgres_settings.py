"""How the local PostgreSQL runs: durable, and quick on a machine of two cores and 24 GiB.

Given on the command line, so that a data folder of an earlier day gets today's settings.
https://www.postgresql.org/docs/18/runtime-config.html
"""


def settings(*, port: int, lz4: bool) -> list[str]:
    """Command-line arguments of `postgres`."""
    chosen = {
        # Only this machine can connect, over TCP.
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "100",
        # A commit that was reported is on the disk (law L5).
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        # Large batches, few checkpoints.
        "shared_buffers": "512MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "wal_buffers": "32MB",
        "wal_compression": "lz4" if lz4 else "off",
        "checkpoint_completion_target": "0.9",
        "jit": "off",
        "random_page_cost": "1.1",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
    }
    return [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
