"""Scrapy downloader middlewares: what a request must pass, and what is kept of its response."""
