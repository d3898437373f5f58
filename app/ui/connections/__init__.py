"""The CONNECTIONS page: cards, the assistant that adds one, practice faults on command."""
