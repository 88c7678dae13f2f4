"""Serve whoever wants to know whether a licence is real."""
