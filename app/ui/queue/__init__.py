"""The MANAGER page: the write-back list and what a person does with it."""
