"""For assistants: the graph by the Model Context Protocol. No model is in it."""
