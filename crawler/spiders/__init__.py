"""The spiders: `news` follows everything a registry names; `feeds`, `sitemaps` and `sections` only their own kind."""
