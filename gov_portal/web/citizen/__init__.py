"""Serve people: guide, account, application, progress."""
