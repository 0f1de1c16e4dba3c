"""The language part of search: what a folded word is also found by. Pure; the same for documents and for queries.

Words come from `folding.words_of`. A *stem* is a key that the forms of a word share; it need not be a word. A *part* is a
word inside a Dutch compound. A *synonym* is another phrase for the same thing.
"""

from academy.search.language.compounds import parts
from academy.search.language.stemming import stems
from academy.search.language.thesaurus import SYNONYMS, all_synonyms, synonyms

__all__ = ["SYNONYMS", "all_synonyms", "parts", "stems", "synonyms"]
