"""Every sentence for people passes here: Dutch in the code, English in `translations/en`. Typed, because Flask-Babel is not."""

import flask_babel


def gettext(sentence: str, **values: object) -> str:
    """Return `sentence` in the reader's language, with `%(name)s` filled in."""
    return str(flask_babel.gettext(sentence, **values))


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """Return the form for `number`, which is `%(num)s` in the sentence."""
    return str(flask_babel.ngettext(one, many, number, **values))


def lazy_gettext(sentence: str) -> str:
    """Return a sentence that is translated when it is shown, for words fixed when a module is loaded."""
    words: str = flask_babel.lazy_gettext(sentence)
    return words


_ = gettext
_l = lazy_gettext
