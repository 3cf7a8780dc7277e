"""A page becomes an `Article`: bytes -> text -> tree -> title, lead, body, dates. Knows no network and no outlet."""
