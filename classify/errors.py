"""What classification can refuse: raised by the loaders, never by `Classifier.predict`."""


class ClassifyError(Exception):
    """Base of every error this package raises."""


class LexiconError(ClassifyError):
    """A taxonomy or lexicon file is missing, unreadable or names an unknown topic: mend the YAML it names."""


class ModelError(ClassifyError):
    """A model is missing, altered since its manifest was written, or of another format: retrain or restore it."""


class LabelsError(ClassifyError):
    """A file of labels is malformed: mend the row it names."""
