"""One module a command; `pipelines.cli` lists them."""
