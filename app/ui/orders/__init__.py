"""ORDERS: what the stores sold, how far each order is, and what can be done about it."""
