"""Who asks, and what they may: API keys and tokens, rights by unit and term, limits.

A key or a token says who; what they may is the registry's to say, as known now. Keys and tokens
live in real time, the terms of grants in domain time (law L9).
"""
