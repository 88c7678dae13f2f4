"""Offer the use cases of the workflows; each method opens one transaction per case and only it commits."""
