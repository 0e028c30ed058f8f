"""What to do and say, decided without a clock, a store or a network."""
