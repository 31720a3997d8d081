"""processing: from the log of events to states, deadlines and projections.

Start reading at `application/apply_batch.py` (one batch, one transaction) and
`application/publish_states.py` (the one path by which states leave).
"""
