"""Expand what definitions reuse: versioned templates, families of items, regional overlays."""
