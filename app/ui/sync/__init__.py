"""The SYNC page: what is read from which system, how far it is, and reading it now."""
