"""Serve the pages: HTTP only, one package for each front."""
