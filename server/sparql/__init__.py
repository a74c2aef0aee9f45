"""The endpoint: strangers' queries, parsed, answered by killable workers, and sent whole or broken off."""
