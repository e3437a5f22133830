"""Compare datasets: finds what two lists have in common, and where they differ."""
