"""The settings of metrics."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from motcua_platform.settings import ServiceSettings
from pydantic import Field, SecretStr, model_validator


class MetricsSettings(ServiceSettings):
    """Where to read, which partitions, and whom to compare the balance with."""

    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8103
    shard_ordinal: Annotated[int, Field(ge=0)] = 0
    """This process reads the states partitions p with p % shard_count == shard_ordinal."""
    shard_count: Annotated[int, Field(ge=1)] = 1
    shard_peers: str = ""
    """Base addresses of the other shards, with commas; shard 0 adds up their side of the balance.

    Each shard needs one, which may be that of all its replicas.
    """
    on_time_objective: Annotated[float, Field(gt=0, le=1)] = 0.98
    """The share to be resolved in time by units of which the registry says nothing."""
    processing_url: str = ""
    """Base address of processing; without it no balance residual is shown."""
    processing_key: SecretStr = SecretStr("")
    """API key of an account that administers; processing asks for one unless it is open."""
    balance_poll_seconds: Annotated[float, Field(gt=0)] = 15.0
    grafana_url: str = ""
    """Base address of Grafana; without it Grafana is not kept in step with the registry."""
    grafana_token: SecretStr = SecretStr("")
    """Token of a service account of Grafana with the role Admin."""
    grafana_dashboards: str = ""
    """Folder of the dashboard templates; without it folders, teams and permissions only."""
    grafana_ca: str = ""
    """File of certificates to trust of Grafana instead of the usual ones."""
    grafana_library: Literal["grafana-api", "grafana-client"] = "grafana-api"
    grafana_every_seconds: Annotated[float, Field(gt=0)] = 600.0

    @property
    def peers(self) -> list[str]:
        """The addresses in `shard_peers`."""
        return [one.strip() for one in self.shard_peers.split(",") if one.strip()]

    @property
    def keeps_grafana(self) -> bool:
        """Whether this process keeps Grafana in step: the first shard, where it is named."""
        return self.shard_ordinal == 0 and bool(self.grafana_url)

    @property
    def watches_balance(self) -> bool:
        """Whether this process compares: the first shard, if it can ask for what it lacks."""
        knows_all = self.shard_count == 1 or bool(self.peers)
        return self.shard_ordinal == 0 and knows_all and bool(self.processing_url)

    @model_validator(mode="after")
    def _is_one_of_the_shards(self) -> Self:
        if self.shard_ordinal >= self.shard_count:
            raise ValueError("shard_ordinal: below shard_count")
        if self.grafana_url and not self.grafana_token.get_secret_value():
            raise ValueError("grafana_url and grafana_token: both, or none")
        return self
