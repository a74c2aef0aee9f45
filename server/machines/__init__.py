"""For machines that are no browsers: the map of the site, and what crawlers and assistants should know."""
