"""What is claimed about speed, as commands that anyone can run."""
