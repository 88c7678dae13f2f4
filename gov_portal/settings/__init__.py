"""What differs between installations: read once, at start, from the environment."""

from gov_portal.settings.loading import Settings, SettingsInvalid

__all__ = ["Settings", "SettingsInvalid"]
