"""INTAKE: watch folders, files imported by hand, and what of them needs a person."""
