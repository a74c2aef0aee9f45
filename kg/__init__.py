"""The build: articles become facts, facts become triples, and only what conforms is published."""

__version__ = "0.1.0"
