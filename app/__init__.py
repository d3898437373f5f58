"""Backhaul carries tracking numbers back to the systems the orders came from."""

__version__ = "0.1.0"
