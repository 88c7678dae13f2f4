"""Carry out what the rows ask for: the relay tells, workers deliver, the tick moves time on; only rows remember."""
