"""Serve officers: queue, case page, acts."""
