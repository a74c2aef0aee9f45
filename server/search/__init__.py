"""Search: the index that the build made, the page of what it finds, and its addresses."""
