"""Imported once by the process that workers are forked from: a new worker then starts in milliseconds."""

import dateparser

import classify.predict
import crawler.archive
import crawler.extract

# dateparser reads its 200 languages at the first date it cannot place: here once, not in every worker.
dateparser.parse("ngày không rõ")

__all__ = ["classify", "crawler"]
