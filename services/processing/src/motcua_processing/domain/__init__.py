"""Pure decisions: what is new, what is a repetition, what conflicts; no I/O."""
