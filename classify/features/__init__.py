"""Numbers from a reading: bags of words, strengths of topics, mentions, the words around the subject."""
