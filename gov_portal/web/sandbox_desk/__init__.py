"""Serve whoever plays with the made-up province: messages and the clock."""
