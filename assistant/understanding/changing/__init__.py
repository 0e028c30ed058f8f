"""What is said of goods that are there, in the basket or in what was just said: one file for each way to say it."""
