"""What a text is about and how it speaks of Vietnam: languages, features, models, evidence. No database, no network."""
