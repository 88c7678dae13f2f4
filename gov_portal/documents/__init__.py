"""Typeset notices and licences as PDF/A-2b: one path, free fonts, data never pasted into a template."""
