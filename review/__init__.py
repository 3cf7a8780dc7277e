"""The analysts' desk: flagged articles, their evidence, and the labels people give them."""
