"""Questions: the example queries, and the page on which a query is run and changed."""
