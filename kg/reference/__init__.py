"""Reference data: identifiers, codes and coordinates that no article states, as tables in the repository."""
