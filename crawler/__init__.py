"""The outside world -> pages -> articles. Knows neither the classifier nor the database."""
