"""The window: shows what services hand over, asks services to act."""
