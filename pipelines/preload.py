"""Imported once by the process that workers are forked from: a new worker then starts in milliseconds.

Models that libraries load at their first use are loaded here, too: the workers share their memory, and one that
replaces another need not load them again. `tests/pipelines/test_preload.py` holds that a worker imports nothing more.
"""

import cssselect
import numpy
import scipy.sparse
import underthesea

import classify.predict
import crawler.archive
import crawler.extraction.extract
from classify.language import detect
from classify.text.abroad import abroad_terms
from classify.text.tokenise import tokens

tokens("Hà Nội mùa thu", "vi")  # the segmenter
detect("Lorem ipsum dolor sit amet")  # the identifier of languages: asked where no rule knows the language
for _language in ("vi", "en"):
    abroad_terms(_language)  # the names of countries, of which a lexicon is made when first used

__all__ = ["classify", "crawler", "cssselect", "numpy", "scipy", "underthesea"]
