"""The weekly summary: figures that lead back to articles, as documents."""
