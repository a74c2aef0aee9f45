"""Reports: what the graph holds and what it does not, how good it is, and what changed."""
