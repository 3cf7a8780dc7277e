"""Imported once by the process that workers are forked from: a new worker then starts in milliseconds."""

import classify.predict
import crawler.archive
import crawler.extract

__all__ = ["classify", "crawler"]
