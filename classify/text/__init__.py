"""A text taken apart: folded, cut into words and sentences, its terms and mentions found with their offsets."""
