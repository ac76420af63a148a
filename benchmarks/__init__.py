"""What performance means here. `make bench` runs every case beside its peer, in turn, and prints medians and ratios."""
