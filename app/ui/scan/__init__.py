"""Scanner entry: invoice, label, Enter, ready for the next."""
