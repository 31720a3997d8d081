"""Where records and requests come in: decode, call, acknowledge."""
