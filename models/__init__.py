"""What the assistant was given to hear, understand and speak a language."""
