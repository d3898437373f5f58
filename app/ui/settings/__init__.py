"""The SETTINGS page."""
