"""The pure core of Motcua: values and rules, without clock, I/O or randomness.

Where to look: what can happen is in `events`, which transitions are legal in `life_cycle`, how
events become a state in `fold`, how time is counted in `calendar` and `clock`, what early, on time
and overdue mean in `verdict`, what must be known beforehand in `registry`.
"""
