"""What other programs call: HTTP on this computer only."""
