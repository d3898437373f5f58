"""What speaks to other systems: one folder each, none of which knows another."""
