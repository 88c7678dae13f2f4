"""Speak the protocols of department systems; REST so far."""
