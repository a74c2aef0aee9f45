"""What an operator needs: who asked what and how it went, how much anybody may ask, and an end in order."""
