"""What can be taken away, and its description for catalogues."""
