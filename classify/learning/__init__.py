"""From labelled texts to models: what is learned from, how, and what is kept apart. Needs scikit-learn."""
